"""Make CSV cells safe from formula injection.

Names, addresses and ids come from students. Excel, LibreOffice and Google Sheets evaluate a cell
that begins with one of `= + - @` (also after blanks, which they strip); an apostrophe before it
makes it text. A program with another separator splits cells differently, so the text after any
separator inside a cell is escaped too.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = "=+@\\-＝＋－＠"  # full-width forms count as well
_BEGINS = re.compile(rf"\A(?=[\t\r\n]|\s*[{_FORMULA}])")
_AFTER_SEPARATOR = re.compile(rf"([;,|\t\r\n]\s*\"?)(?=[{_FORMULA}])")


def harmless(text: str) -> str:
    """Return the text with an apostrophe before every possible start of a formula."""
    return _BEGINS.sub("'", _AFTER_SEPARATOR.sub(r"\1'", text))


def number(points: float | None) -> str:
    """Return points in a form that every program reads: `2.5`, `3`; "" for None."""
    return "" if points is None else f"{round(points, 2):.2f}".rstrip("0").rstrip(".")


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV (RFC 4180), with all cells made harmless."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(map(harmless, row) for row in rows)
    return text.getvalue()
