"""Read a student's files: lines that a traceback names, and code that a check inspects.

The text comes from the submitted files, never from the student's process.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from autograder.notebook.document import (
    MAX_FILE_BYTES,
    CodeCell,
    NotebookUnreadable,
    cells_of,
    line_of,
    parse_document,
    place_of,
    split_place,
)

MAX_SOURCE_BYTES = 2 * 2**20
MOST_BYTES = {".py": MAX_SOURCE_BYTES, ".ipynb": MAX_FILE_BYTES}
"""The maximum size of files whose lines are shown, by suffix."""
_MAX_LINE = 120

Lines = Callable[[str, int], str]
"""Returns a line of a file or of a cell ("a.ipynb, cell 3"), or "" if it does not exist."""


class Sources:
    """The files that a student handed in, as text; calling it returns one line.

    Args:
        read: returns the content of a file by its path with `/` as separator, None if the file does
            not exist or is too large.
    """

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read

    def __call__(self, place: str, number: int) -> str:
        """Return a line of a file or of a cell ("a.ipynb, cell 3"), "" if it does not exist."""
        name, cell = split_place(place)
        try:
            if cell:
                return _shown(line_of(self.cells(name), cell, number))
            data = self._read(name)
        except (OSError, ValueError, RuntimeError):
            return ""  # an impossible file name, or a loop of links
        return "" if data is None else _line_of_text(data, number)

    def cells(self, name: str) -> tuple[CodeCell, ...]:
        """Return the cells with code of a notebook; none if it cannot be read."""
        data = self._read(name)
        try:
            return () if data is None else parse_document(data, name).cells
        except NotebookUnreadable:
            return ()

    def parts(self, name: str) -> list[tuple[str, str]] | None:
        """Return the code of a file as pairs of a place and a text, one for each cell.

        None means that it does not exist.
        """
        try:
            data = self._read(name)
            if data is None:
                return None
            if name.endswith(".ipynb"):
                return [(place_of(name, one.number), one.source) for one in self.cells(name)]
        except (OSError, ValueError, RuntimeError):
            return None
        return [(name, data.decode("utf-8-sig", "replace"))]


def lines_in(folder: Path) -> Sources:
    """Return a reader of the files in a folder, which it reads at the time of each call."""
    return _InFolder(folder)


def lines_of(files: Mapping[str, bytes]) -> Sources:
    """Return a reader of files that have already been read.

    Args:
        files: path, with `/` as separator -> content.
    """
    return _Remembering(files.get)


class _InFolder(Sources):
    """The files in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(self._content)
        self._folder = folder

    def cells(self, name: str) -> tuple[CodeCell, ...]:
        """Return the cells with code of a notebook; none if it cannot be read."""
        path = self._path(name)
        return () if path is None else cells_of(path)

    def _path(self, name: str) -> Path | None:
        path = (self._folder / name).resolve()
        inside = path.is_relative_to(self._folder.resolve())
        return path if inside and path.is_file() else None

    def _content(self, name: str) -> bytes | None:
        path = self._path(name)
        if path is None:
            return None
        most = MOST_BYTES.get(path.suffix, MAX_SOURCE_BYTES)
        return path.read_bytes() if path.stat().st_size <= most else None


class _Remembering(Sources):
    """The same, for files that do not change: a notebook is parsed once."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        super().__init__(read)
        self._cells: dict[str, tuple[CodeCell, ...]] = {}

    def cells(self, name: str) -> tuple[CodeCell, ...]:
        """Return the cells with code of a notebook; none if it cannot be read."""
        if name not in self._cells:
            self._cells[name] = super().cells(name)
        return self._cells[name]


def _line_of_text(data: bytes, number: int) -> str:
    if len(data) > MAX_SOURCE_BYTES:
        return ""
    lines = data.decode("utf-8", "replace").splitlines()
    return _shown(lines[number - 1]) if 0 < number <= len(lines) else ""


def _shown(line: str) -> str:
    return line.strip()[:_MAX_LINE]
