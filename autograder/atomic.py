"""Write files atomically: readers and later runs see the old content or the new, never a part.

A file is written under a name of its own next to its target and renamed when it is complete. An
error removes it. A killed process leaves it; its name ends in `UNFINISHED`, so that the next run
can find and remove it.

Only what takes long to make again is forced to the disk before it is renamed (`durable`): results
of gradings, weights, submissions. Without that, a crash of the machine, not of the process, may
lose the last seconds. Forcing takes about 5 ms a file.
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
        target: in a folder that exists; it may exist, too.
        mode: permissions, `PRIVATE` or `READABLE`, whatever the umask is.
        durable: whether the content is on disk before it replaces the old one.

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
        with suppress(FileNotFoundError):  # a signal may arrive right after the rename
            os.unlink(name)
        raise


def write_atomic(target: Path, data: bytes, *, mode: int = READABLE, durable: bool = False) -> None:
    """Replace `target` by a file with this content; arguments and errors as in `open_atomic`."""
    with open_atomic(target, mode=mode, durable=durable) as stream:
        stream.write(data)
