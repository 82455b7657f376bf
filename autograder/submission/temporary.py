"""Create unnamed files for data that must be unpacked before it can be read."""

import io
import os
import tempfile

from autograder.errors import AutograderError


class NamelessFile(io.FileIO):
    """A new unnamed file in the temporary folder: private, and removed when it is closed.

    Raises:
        AutograderError: the disk has too little space.
    """

    def __init__(self) -> None:
        try:
            with tempfile.TemporaryFile() as file:
                descriptor = os.dup(file.fileno())
        except OSError as error:
            raise _no_room(error) from None
        super().__init__(descriptor, "r+")

    def add(self, piece: bytes) -> None:
        """Append bytes, all of them."""
        rest = memoryview(piece)
        try:
            while rest:
                rest = rest[self.write(rest) :]
        except OSError as error:
            raise _no_room(error) from None


def _no_room(error: OSError) -> AutograderError:
    return AutograderError(
        f"cannot unpack an archive ({error.strerror})", tempfile.gettempdir(),
        "free some space, or set TMPDIR to a folder with more space",
    )  # fmt: skip
