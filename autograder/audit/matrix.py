"""The mistake-by-item matrix of an audit: what the page draws as an inline SVG.

Every mark differs in its shape, not in its colour alone, and has a title that says it in words.
The shapes are in the template.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.audit.findings import EntryVerdict

_CELL = 14
_CHARACTER = 6.2  # the approximate width of one in the font of the labels

# class of a mark -> what it means
MARKS = {
    "caught": "caught, and named to the student",
    "unnamed": "caught; the student does not read the hint",
    "missed": "missed: the item keeps its points",
    "blamed": "costs an item that it does not list",
    "kept": "graded, and the item keeps its points",
}


@dataclass(frozen=True)
class Mark:
    """A mark, and what its title says."""

    kind: str
    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Label:
    """The id of a mistake or item, and where it is drawn."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Matrix:
    """A picture with a row for each mistake and a column for each item.

    Attributes:
        name: an id for the picture, unique in its page.
        description: what it shows, for those who cannot see it.
        width: of the picture.
        height: of the picture.
        columns: labels of the items.
        rows: labels of the mistakes.
        bands: the upper edge of every other row, which is shaded.
        band: width and height of a shaded row.
        marks: all marks.
    """

    name: str
    description: str
    width: float
    height: float
    columns: list[Label]
    rows: list[Label]
    bands: list[float]
    band: tuple[float, float]
    marks: list[Mark]


def matrix(name: str, verdicts: Sequence[EntryVerdict], items: Sequence[str]) -> Matrix:
    """Lay out the picture of some mistakes.

    Args:
        name: an id for the picture, unique in its page.
        verdicts: of mistakes.
        items: ids of all items.
    """
    left = max(len(_id(it)) for it in verdicts) * _CHARACTER + 8
    top = max(len(item) for item in items) * _CHARACTER * 0.75 + 14
    xs = {item: left + (number + 0.5) * _CELL for number, item in enumerate(items)}
    ys = [top + (row + 0.5) * _CELL for row in range(len(verdicts))]
    return Matrix(
        name=name,
        description=_description(verdicts),
        width=left + len(items) * _CELL + top * 0.8,
        height=top + len(verdicts) * _CELL + 4,
        columns=[Label(item, x + 3, top - 6) for item, x in xs.items()],
        rows=[Label(_id(it), left - 6, y + 4) for it, y in zip(verdicts, ys, strict=True)],
        bands=[y - _CELL / 2 for y in ys[::2]],
        band=(left + len(items) * _CELL, _CELL),
        marks=[
            Mark(kind, x, y, f"{_id(it)}, {item}: {MARKS[kind]}")
            for it, y in zip(verdicts, ys, strict=True)
            for item, x in xs.items()
            if (kind := mark_of(it, item))
        ],
    )


def mark_of(it: EntryVerdict, item: str) -> str:
    """Return the mark of a mistake at an item; "" where it was not graded."""
    if item in it.missed:
        return "missed"
    if item in it.blamed:
        return "blamed"
    if item in it.lost:
        return "caught" if it.hint_named else "unnamed"
    return "kept" if item in it.outcomes else ""


def _id(it: EntryVerdict) -> str:
    return it.trial.entry.id if it.trial.entry is not None else it.trial.name


def _description(verdicts: Sequence[EntryVerdict]) -> str:
    missed = [_id(it) for it in verdicts if it.missed]
    blamed = [_id(it) for it in verdicts if it.blamed]
    words = f"{len(verdicts)} mistakes, {len(verdicts) - len(missed)} caught."
    words += f" Missed: {', '.join(missed)}." if missed else ""
    return words + (f" Blamed on a wrong item: {', '.join(blamed)}." if blamed else "")
