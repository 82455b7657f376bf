"""Edit a CSV file, keeping everything except the cells that are set."""

import re
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import UsageError
from autograder.text import one_line

_MOST_BYTES = 50_000_000
_SEPARATORS = ",;\t"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class CsvFile:
    """A CSV file whose encoding, separator, quotes and line ends are preserved.

    Args:
        path: the file.

    Attributes:
        rows: the texts of the cells, row by row; empty rows are rows without cells.

    Raises:
        UsageError: it cannot be read or is not CSV.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._bom, self._encoding, text = _decoded(path)
        self._separator = _separator(text)
        self._raw: list[list[str]] = []
        self._ends: list[str] = []
        for cells, end in _rows(text, self._separator, path):
            self._raw.append(cells)
            self._ends.append(end)
        self.rows = [[_text(raw) for raw in cells] for cells in self._raw]

    @property
    def header(self) -> list[str]:
        """Return the cells of the first row, stripped."""
        return [cell.strip() for cell in self.rows[0]] if self.rows else []

    def cell(self, row: int, column: int | None) -> str:
        """Return a cell, stripped; "" if it does not exist."""
        if column is None or column >= len(self.rows[row]):
            return ""
        return self.rows[row][column].strip()

    def set(self, row: int, column: int, text: str) -> None:
        """Set a cell, keeping its quoting."""
        cells, raw = self.rows[row], self._raw[row]
        while len(cells) <= column:
            cells.append("")
            raw.append("")
        quoted = raw[column].startswith('"') or any(
            sign in text for sign in f'{self._separator}"\r\n'
        )
        cells[column] = text
        raw[column] = '"{}"'.format(text.replace('"', '""')) if quoted else text

    def data(self) -> bytes:
        """Return the file's bytes with the changed cells."""
        lines = (
            self._separator.join(raw) + end for raw, end in zip(self._raw, self._ends, strict=True)
        )
        return self._bom + "".join(lines).encode(self._encoding)


def decimal(text: str) -> float | None:
    """Return the number in a cell, with any decimal sign; None if it is not a number."""
    text = text.strip().replace("\xa0", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?\d+(?:[.,]\d+)*", text):
        return None
    signs = re.findall(r"[.,]", text)
    if not signs:
        return float(text)
    if len(set(signs)) == 1 and len(signs) > 1:  # 1.000.000
        return float(text.replace(signs[0], ""))
    whole, _, part = text.rpartition(signs[-1])
    return float(f"{whole.replace(signs[0], '')}.{part}")


def _decoded(path: Path) -> tuple[bytes, str, str]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"it cannot be read ({error.strerror})", str(path), "name a CSV file"
        ) from None
    if len(data) > _MOST_BYTES:
        raise UsageError("it is far too large", str(path), "name the CSV file of a platform")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return bom, encoding, data[len(bom) :].decode(encoding, "replace")
    try:
        return b"", "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "latin-1", data.decode("latin-1")  # preserves every byte


def _separator(text: str) -> str:
    line = re.sub(r'"(?:[^"]|"")*"', "", text[:100_000]).lstrip("\r\n").partition("\n")[0]
    return max(_SEPARATORS, key=line.count)


def _rows(text: str, separator: str, path: Path) -> Iterator[tuple[list[str], str]]:
    sign = re.escape(separator)
    pattern = re.compile(
        rf'( *"(?:[^"]|"")*" *|[^"{sign}\r\n][^{sign}\r\n]*|)({sign}|\r\n|\n|\r|\Z)'
    )
    at, cells = 0, list[str]()
    while at < len(text) or cells:
        found = pattern.match(text, at)
        if found is None:
            line = text.count("\n", 0, at) + 1
            raise UsageError(
                f"it is not valid CSV: unexpected quotation mark (line {line})",
                one_line(str(path)), "download it again, or save it as CSV",
            )  # fmt: skip
        cells.append(found[1])
        at = found.end()
        if found[2] != separator:
            yield ([] if cells == [""] else cells), found[2]
            cells = []


def _text(raw: str) -> str:
    stripped = raw.strip()
    if stripped.startswith('"') and stripped.endswith('"') and len(stripped) > 1:
        return stripped[1:-1].replace('""', '"')
    return raw
