"""Read lines of a student's files, to show those that a traceback names.

The lines come from the submitted files, never from the student's process.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from autograder.notebook.document import (
    MAX_FILE_BYTES,
    CodeCell,
    NotebookUnreadable,
    line_of,
    line_of_cell,
    parse_document,
    split_place,
)

MAX_SOURCE_BYTES = 2 * 2**20
MOST_BYTES = {".py": MAX_SOURCE_BYTES, ".ipynb": MAX_FILE_BYTES}
"""The maximum size of files whose lines are shown, by suffix."""
_MAX_LINE = 120

Lines = Callable[[str, int], str]
"""Returns a line of a file or of a cell ("a.ipynb, cell 3"), or "" if it does not exist."""


def lines_in(folder: Path) -> Lines:
    """Return a function that reads lines of the files in a folder, at the time of each call."""

    def line(place: str, number: int) -> str:
        name, cell = split_place(place)
        try:
            path = (folder / name).resolve()
            if not path.is_relative_to(folder.resolve()) or not path.is_file():
                return ""
            if cell:
                return _shown(line_of_cell(path, cell, number))
            if path.stat().st_size > MAX_SOURCE_BYTES:
                return ""
            return _line_of_text(path.read_bytes(), number)
        except (OSError, ValueError, RuntimeError):
            return ""  # an impossible file name, or a loop of links

    return line


def lines_of(files: Mapping[str, bytes]) -> Lines:
    """Return a function that looks up lines of files that have already been read.

    Args:
        files: path, with `/` as separator -> content.
    """
    notebooks: dict[str, tuple[CodeCell, ...]] = {}

    def cells(name: str) -> tuple[CodeCell, ...]:
        if name not in notebooks:
            try:
                notebooks[name] = parse_document(files[name], name).cells
            except NotebookUnreadable:
                notebooks[name] = ()
        return notebooks[name]

    def line(place: str, number: int) -> str:
        name, cell = split_place(place)
        if name not in files:
            return ""
        if cell:
            return _shown(line_of(cells(name), cell, number))
        return _line_of_text(files[name], number)

    return line


def _line_of_text(data: bytes, number: int) -> str:
    if len(data) > MAX_SOURCE_BYTES:
        return ""
    lines = data.decode("utf-8", "replace").splitlines()
    return _shown(lines[number - 1]) if 0 < number <= len(lines) else ""


def _shown(line: str) -> str:
    return line.strip()[:_MAX_LINE]
