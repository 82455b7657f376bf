"""Write files atomically: readers and later runs see the old or the new content, never a part.

A file is written under a temporary name next to its target, and renamed when it is complete. After
an error it is removed. A killed process leaves it; its name ends in `UNFINISHED`, so that the next
run can find and remove it.

Only files that take long to make again are forced to the disk before they are renamed (`durable`):
results of gradings, weights, submissions. Without that, a crash of the machine, not of the process,
may lose the last seconds. Forcing takes about 5 ms per file.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

UNFINISHED = ".unfinished"
PRIVATE, READABLE = 0o600, 0o644


@contextmanager
def open_atomic(
    target: Path, *, mode: int = READABLE, durable: bool = False
) -> Iterator[IO[bytes]]:
    """Yield a stream to a new file, which replaces `target` when the block ends without an error.

    Args:
        target: the file to write, in an existing folder; it may exist already.
        mode: its permissions, `PRIVATE` or `READABLE`, independent of the umask.
        durable: whether the content is forced to the disk before it replaces the old content.

    Raises:
        OSError: the file cannot be written; `target` is unchanged.
    """
    descriptor, name = tempfile.mkstemp(
        prefix=f".{target.name}.", suffix=UNFINISHED, dir=target.parent
    )
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        if mode != PRIVATE:
            with suppress(OSError):  # a confined worker may not change permissions
                os.chmod(name, mode)
        os.replace(name, target)
    except BaseException:
        with suppress(FileNotFoundError):  # a signal may arrive immediately after the rename
            os.unlink(name)
        raise


def write_atomic(target: Path, data: bytes, *, mode: int = READABLE, durable: bool = False) -> None:
    """Replace `target` with a file with this content; arguments and errors as in `open_atomic`."""
    with open_atomic(target, mode=mode, durable=durable) as stream:
        stream.write(data)
