"""Read a submitted notebook, leniently where editors differ and strictly for safety.

Jupyter, VS Code and Colab write the same cells with different metadata. Only the cells' kinds and
sources are read; the rest of the file is neither needed nor trusted.
"""

import functools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_FILE_BYTES = 96 * 2**20  # the file contains outputs with images
MAX_CELLS = 2_000
MAX_SOURCE = 1_000_000
# A few megabytes of brackets take gigabytes as JSON objects.
MAX_BRACKETS = 500_000
MAX_COMMAS = 5_000_000

_PLACE = re.compile(r"(.+\.ipynb), cell (\d{1,6})")


class NotebookUnreadable(ValueError):
    """The file is not a notebook that can be run; the text is one sentence for the student."""


@dataclass(frozen=True)
class CodeCell:
    """One code cell.

    Attributes:
        number: 1 for the first code cell, as Jupyter counts after "restart and run all".
        source: its code, magics included.
        above: the text of the markdown cells between it and the code cell before it.
    """

    number: int
    source: str
    above: str = ""


@dataclass(frozen=True)
class Document:
    """The code cells of a notebook, in order."""

    name: str
    cells: tuple[CodeCell, ...]


def read_document(file: Path) -> Document:
    """Read a notebook.

    Raises:
        NotebookUnreadable: the file is missing, empty, not JSON or not a notebook of format 4.
    """
    return parse_document(_read(file, file.name), file.name)


def parse_document(data: bytes, name: str) -> Document:
    """Read a notebook from the bytes of its file.

    Raises:
        NotebookUnreadable: as `read_document`.
    """
    text = _text_of(data, name)
    return Document(name, tuple(_code_cells(_cells(_parse(text, name), name), name)))


def _read(file: Path, name: str) -> bytes:
    try:
        if not file.is_file():
            raise NotebookUnreadable(f"{name} is missing")
        with file.open("rb") as stream:
            return stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise NotebookUnreadable(f"{name} cannot be read ({error.strerror})") from None


def _text_of(data: bytes, name: str) -> str:
    if len(data) > MAX_FILE_BYTES:
        limit = f"{MAX_FILE_BYTES // 2**20} MiB"
        raise NotebookUnreadable(f"{name} is larger than {limit}; clear large outputs and save it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotebookUnreadable(f"{name} is not a notebook: it is not UTF-8 text") from None
    if not text.strip():
        raise NotebookUnreadable(f"{name} is empty")
    return text


def _parse(text: str, name: str) -> dict[str, Any]:
    if text.count("[") + text.count("{") > MAX_BRACKETS or text.count(",") > MAX_COMMAS:
        raise NotebookUnreadable(f"{name} is too large; clear its outputs and save it")
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}: {error.msg}"
        raise NotebookUnreadable(f"{name} is not a notebook: it is not JSON ({where})") from None
    except (RecursionError, ValueError):  # nested too deeply, or a number with too many digits
        raise NotebookUnreadable(f"{name} is not a notebook: it is not JSON") from None
    if not isinstance(content, dict) or "nbformat" not in content:
        raise NotebookUnreadable(f"{name} is not a notebook: it lacks 'nbformat'")
    major = content["nbformat"]
    if major != 4:
        shown = f" {major}" if isinstance(major, int) else ""
        raise NotebookUnreadable(
            f"{name} is in notebook format{shown}, expected 4; open it in Jupyter and save it again"
        )
    return content


def _cells(content: dict[str, Any], name: str) -> list[Any]:
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise NotebookUnreadable(f"{name} is not a notebook: it lacks a list of cells")
    if len(cells) > MAX_CELLS:
        raise NotebookUnreadable(f"{name} has {len(cells)} cells, more than {MAX_CELLS}")
    return cells


def _code_cells(cells: list[Any], name: str) -> list[CodeCell]:
    found: list[CodeCell] = []
    above: list[str] = []
    for cell in cells:
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        if kind == "code":
            found.append(CodeCell(len(found) + 1, _source(cell, name), "\n".join(above)))
            above = []
        elif kind == "markdown":
            above.append(_source(cell, name))
    return found


def _source(cell: dict[str, Any], name: str) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):  # the format allows a list of lines
        source = "".join(line for line in source if isinstance(line, str))
    if not isinstance(source, str):
        raise NotebookUnreadable(f"{name} is not a notebook: a cell's source is not text")
    if len(source) > MAX_SOURCE:
        raise NotebookUnreadable(f"{name} has a cell of more than {MAX_SOURCE:,} characters")
    return source.replace("\r\n", "\n").replace("\r", "\n")


def split_place(place: str) -> tuple[str, int]:
    """Split "analysis.ipynb, cell 7" into the file and the cell's number, 0 if it has none."""
    match = _PLACE.fullmatch(place)
    return (match[1], int(match[2])) if match else (place, 0)


def is_cell(place: str) -> bool:
    """Return whether a place is a cell of a file, or of a session, where it is called `In [7]`."""
    return split_place(place)[1] > 0 or re.fullmatch(r"In \[\d+\]", place) is not None


def place_of(path: str, cell: int) -> str:
    """Return the name of a cell, to be used like a file's name."""
    return f"{path}, cell {cell}"


def line_of_cell(file: Path, cell: int, line: int) -> str:
    """Return a line of a code cell, "" if it does not exist."""
    return line_of(cells_of(file), cell, line)


def cells_of(file: Path) -> tuple[CodeCell, ...]:
    """Return the code cells of a notebook, none if it cannot be read; kept until it changes."""
    return _cached_cells(str(file), file.stat().st_mtime_ns, file.stat().st_size)


def line_of(cells: Sequence[CodeCell], cell: int, line: int) -> str:
    """Return a line of one of these code cells, "" if it does not exist."""
    lines = cells[cell - 1].source.split("\n") if 0 < cell <= len(cells) else []
    return lines[line - 1] if 0 < line <= len(lines) else ""


@functools.lru_cache(maxsize=4)
def _cached_cells(file: str, time: int, size: int) -> tuple[CodeCell, ...]:
    try:
        return read_document(Path(file)).cells
    except NotebookUnreadable:
        return ()
