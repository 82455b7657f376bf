"""Write files about students that can be made again; only their owner may read them."""

from pathlib import Path

from autograder.atomic import PRIVATE, write_atomic
from autograder.errors import AutograderError


def write_private(target: Path, text: str | bytes) -> None:
    """Replace `target` atomically by a file that only its owner may read.

    Student code that runs later under another user id, or another user of the machine, must not
    learn grades.

    Raises:
        AutograderError: it cannot be written; an older file is unchanged.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        data = text.encode() if isinstance(text, str) else text
        write_atomic(target, data, mode=PRIVATE)
    except OSError as error:
        raise AutograderError(
            f"cannot be written ({error.strerror})",
            str(target),
            "free some space, or choose another place",
        ) from None
