"""Find the written answers in a notebook.

An answer stands in the cell whose first line says **Your answer to `item-id`**, whatever kind of
cell a student has made of it; where that line is gone, in the cell that the release had there. It
goes on through the cells that the student has put below it: to the next heading, check, answer,
or other cell of the release.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.handing_in.notebooks import Cell, text_of

WRITE_HERE = "*Write here; replace this line.*"

_FIRST_LINE = re.compile(r"^\s*(?:#\s*)?\*\*\s*Your answer to\s+`?([a-z0-9-]+)`?\s*\*\*[^\n]*\n?")
_OF_THE_RELEASE = re.compile(r"\d{3}-(?P<what>setup|code|markdown|answer-.+|check-.+)")
_HEADING = re.compile(r"\s*#{1,6}\s")
_CHECK = re.compile(r"^[ \t]*grader\.(check|export)", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """The answer to one written item.

    Attributes:
        status: "answered"; "not answered" where nothing but the release's own words is there; or
            "not found".
        cells: the cells it stands in.
        texts: for each of them the text without the release's words.
    """

    item: str
    status: str
    cells: tuple[Cell, ...] = ()
    texts: tuple[str, ...] = ()


def find_answers(cells: list[Cell], items: Iterable[str]) -> list[Answer]:
    """Return the answer to each of the items that are asked in this notebook."""
    items = list(items)
    starts = _starts(cells, items)
    owners = {number: item for item, numbers in starts.items() for number in numbers}
    return [_answer(cells, item, starts.get(item, []), owners) for item in items]


def item_of(cell: Cell) -> str:
    """Return the item that the first line of a cell asks for, or ""."""
    match = _FIRST_LINE.match(cell.source)
    return match[1] if match else ""


def _starts(cells: list[Cell], items: list[str]) -> dict[str, list[int]]:
    """Return for each item where its answer begins; a copied cell may begin it once more."""
    starts: dict[str, list[int]] = {}
    for index, cell in enumerate(cells):
        starts.setdefault(item_of(cell), []).append(index)
    for index, cell in enumerate(cells):
        for item in items:
            if item not in starts and _was_made_for(cell, item):
                starts[item] = [index]
    return starts


def _was_made_for(cell: Cell, item: str) -> bool:
    metadata = cell.node.get("metadata")
    if isinstance(metadata, dict) and text_of(metadata.get("answer")) == item:
        return not item_of(cell)
    made = _OF_THE_RELEASE.fullmatch(cell.id)
    return bool(made and made["what"] == f"answer-{item}"[:60]) and not item_of(cell)


def _answer(cells: list[Cell], item: str, starts: list[int], owners: dict[int, str]) -> Answer:
    if not starts:
        return Answer(item, "not found")
    found: list[Cell] = []
    for start in starts:
        found += [cells[start], *_below(cells, start, owners)]
    texts = tuple(_own_words(cell) for cell in found)
    given = any(text.strip() for text in texts) or any(
        cell.outputs or cell.node.get("attachments") for cell in found
    )
    return Answer(item, "answered" if given else "not answered", tuple(found), texts)


def _below(cells: list[Cell], start: int, owners: dict[int, str]) -> list[Cell]:
    """Return the cells below an answer's first one that belong to it."""
    knows_ids = bool(_OF_THE_RELEASE.fullmatch(cells[start].id))
    found = []
    for index in range(start + 1, len(cells)):
        cell = cells[index]
        if owners.get(index) or _OF_THE_RELEASE.fullmatch(cell.id) or item_of(cell):
            break
        if _HEADING.match(cell.source) or (cell.kind == "code" and _CHECK.search(cell.source)):
            break
        if cell.kind == "code" and not knows_ids:
            break  # it may be the release's own next cell
        found.append(cell)
    return found


def _own_words(cell: Cell) -> str:
    text = _FIRST_LINE.sub("", cell.source, count=1)
    return text.replace(WRITE_HERE, "").strip("\n")
