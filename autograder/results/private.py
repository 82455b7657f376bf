"""Write what is about students and can be made again: whole, and for its owner only."""

import os
import tempfile
from pathlib import Path

from autograder.errors import AutograderError


def write_private(target: Path, text: str | bytes) -> None:
    """Replace `target` at once by a file that only its owner may read.

    Student code that runs later under another user id, or another user of the machine, must not
    find out grades.

    Raises:
        AutograderError: it cannot be written; an older one is still whole.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode() if isinstance(text, str) else text)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise AutograderError(
            f"cannot be written ({error.strerror})",
            str(target),
            "free some space, or choose another place",
        ) from None
