"""A file that refuses large reads, for zips from students."""

import io
from pathlib import Path


class BoundedFile(io.FileIO):
    """A file that is read in pieces of limited size.

    `zipfile` reads the table of contents in one piece and creates an object for every entry, before
    the entries can be counted.

    Args:
        file: its path, or a descriptor, which is closed with this object.
        largest: how many bytes may be read at once.
        refusal: the exception to raise for a larger read.
    """

    def __init__(self, file: Path | int, largest: int, refusal: Exception) -> None:
        super().__init__(file)
        self._largest, self._refusal = largest, refusal

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to `size` bytes, or the rest if it is negative or None."""
        if size is not None and size > self._largest:
            raise self._refusal
        return super().read(size) or b""
