"""CSV cells that no spreadsheet takes for a formula.

Names, addresses and ids come from students. Excel, LibreOffice and Google Sheets run a cell that
begins with one of `= + - @` (or with a blank that is taken off before it); an apostrophe in front
makes it text. A program whose separator is another one splits a cell where we do not, so what
follows a separator inside a cell is looked at too.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = "=+@\\-＝＋－＠"  # full-width ones count as well
_BEGINS = re.compile(rf"\A(?=[\t\r\n]|\s*[{_FORMULA}])")
_AFTER_SEPARATOR = re.compile(rf"([;,|\t\r\n]\s*\"?)(?=[{_FORMULA}])")


def harmless(text: str) -> str:
    """Return the text, with an apostrophe before whatever could begin a formula."""
    return _BEGINS.sub("'", _AFTER_SEPARATOR.sub(r"\1'", text))


def number(points: float | None) -> str:
    """Return points as every program reads them: `2.5`, `3`; "" for none."""
    return "" if points is None else f"{round(points, 2):.2f}".rstrip("0").rstrip(".")


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV (RFC 4180), every cell of them harmless."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(map(harmless, row) for row in rows)
    return text.getvalue()
