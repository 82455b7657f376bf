"""Find the written answers in a notebook.

The answer is in the cell whose first line says **Your answer to `item-id`**, regardless of the
kind of cell that the student made of it. If that line was deleted, the answer is in the cell that
the release had there. The answer continues through the cells that the student added below or above
that cell, and through cells elsewhere that mention the item. If these contain nothing, the person
who grades gets the rest of the notebook, because a program cannot tell that an answer is nowhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from autograder.handing_in.notebooks import NotebookCell, text_of

WRITE_HERE = "*Write here; replace this line.*"

_FIRST_LINE = re.compile(r"^\s*(?:#\s*)?\*\*\s*Your answer to\s+`?([a-z0-9-]+)`?\s*\*\*[^\n]*\n?")
_OF_THE_RELEASE = re.compile(r"\d{3}-(?P<what>setup|code|markdown|answer-.+|check-.+)")
_HEADING = re.compile(r"\s*#{1,6}\s")
_GENERATED = re.compile(r"^[ \t]*(?:grader\.(check|export)|grader = otter\.)", re.MULTILINE)
_LONG_TITLE = 12
"""The least number of characters of a title by which a cell can mention its item."""


@dataclass(frozen=True)
class Answer:
    """The answer to one written item.

    Attributes:
        status: "answered"; "not answered" if the notebook has no words of the student's apart from
            other answers; "elsewhere" if the cell for it is empty but the rest may contain
            something; or "not found" if that cell is missing.
        cells: the cells that contain the answer.
        texts: for each of them, the text without the release's words.
        places: for each of them, where it is; "" for the cell that is meant for the answer.
        question: the cell that asks the question.
        rest: the other cells with text, if the cell for the answer is empty.
    """

    item: str
    status: str
    cells: tuple[NotebookCell, ...] = ()
    texts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    question: NotebookCell | None = None
    rest: tuple[NotebookCell, ...] = ()


def find_answers(
    cells: Sequence[NotebookCell],
    items: Iterable[str],
    given: Sequence[NotebookCell] = (),
    titles: Mapping[str, str] = MappingProxyType({}),
) -> list[Answer]:
    """Return the answer to each item that is asked in this notebook.

    Args:
        cells: the notebook's cells.
        items: the ids of the items.
        given: the cells of the notebook as it was given out, if they are known.
        titles: the titles of items, by which cells may mention them.
    """
    items = list(items)
    notebook = _Notebook(cells, items, given)
    return [notebook.answer(item, titles.get(item, "")) for item in items]


def item_of(cell: NotebookCell) -> str:
    """Return the item that the first line of a cell asks for, or ""."""
    match = _FIRST_LINE.match(cell.source)
    return match[1] if match else ""


class _Notebook:
    """The cells of a notebook, each known as the release's, as an answer's or as the student's."""

    def __init__(
        self, cells: Sequence[NotebookCell], items: list[str], given: Sequence[NotebookCell]
    ) -> None:
        self.cells, self.given = cells, given
        self.texts = {_plain(cell.source) for cell in given} - {""}
        self.has_ids = any(_OF_THE_RELEASE.fullmatch(cell.id) for cell in cells)
        self.knows = bool(given) or self.has_ids
        self.starts = self._starts(items)
        self.owners = {number: item for item, found in self.starts.items() for number in found}
        self.below = {start: self._below(start) for found in self.starts.values()
                      for start in found}  # fmt: skip

    def answer(self, item: str, title: str) -> Answer:
        """Return the answer to one item."""
        starts = self.starts.get(item, [])
        mine = frozenset(starts)
        elsewhere = {i for start, below in self.below.items() if start not in mine for i in below}
        places: dict[int, str] = {}
        for start in starts:
            above = [i for i in self._above(start) if i not in elsewhere]
            places |= {i: f"cell {i + 1}, above the cell for the answer" for i in above}
            places[start] = ""
            places |= {i: f"cell {i + 1}, below the cell for the answer" for i in self.below[start]}
        for index, cell in enumerate(self.cells):
            if index not in places and self._mentions(cell, item, title):
                places[index] = f"cell {index + 1}, which mentions {item}"
        found = tuple(self.cells[index] for index in places)
        texts = tuple(_own_words(cell) for cell in found)
        is_answered = any(map(_has_words, found, texts))
        is_full = any(_has_words(self.cells[i], _own_words(self.cells[i])) for i in starts)
        question = self._question(starts)
        rest = () if is_full else self._rest(starts, places, question)
        status = "answered"
        if not is_answered:
            is_nowhere = not any(map(self._is_own, self.cells)) if self.given else not rest
            status = "not found" if not starts else "not answered" if is_nowhere else "elsewhere"
        return Answer(item, status, found, texts, tuple(places.values()),
                      question, rest)  # fmt: skip

    def _starts(self, items: list[str]) -> dict[str, list[int]]:
        """Return, for each item, where its answer begins; copies of its cell begin it again."""
        starts: dict[str, list[int]] = {}
        for index, cell in enumerate(self.cells):
            if item := item_of(cell):
                starts.setdefault(item, []).append(index)
        for index, cell in enumerate(self.cells):
            for item in items:
                if item not in starts and _was_made_for(cell, item):
                    starts[item] = [index]
        self.owners = {number: item for item, numbers in starts.items() for number in numbers}
        for item in items:
            found = None if item in starts else self._behind_the_question(item)
            if found is not None:
                starts[item] = [found]
        lost = [item for item in items if item not in starts]
        taken = {number for numbers in starts.values() for number in numbers}
        fixed = [index for index, cell in enumerate(self.cells)
                 if index not in taken and _is_fixed_text(cell)]  # fmt: skip
        if len(lost) == len(fixed) == 1:
            starts[lost[0]] = fixed
        return starts

    def _behind_the_question(self, item: str) -> int | None:
        """Return the student's cell after the same cell that precedes the answer in the release."""
        places = [index for index, cell in enumerate(self.given) if item_of(cell) == item]
        if not places:
            return None
        same: dict[str, list[int]] = {}
        for index, cell in enumerate(self.cells):
            same.setdefault(_plain(cell.source), []).append(index)
        for before in reversed(self.given[: places[0]]):
            found = same.get(_plain(before.source), [])
            if len(found) == 1:
                follows = found[0] + 1
                is_there = follows < len(self.cells) and self._is_own(self.cells[follows])
                return follows if is_there and follows not in self.owners else None
        return None

    def _is_given(self, cell: NotebookCell) -> bool:
        """Tell whether a cell is the release's, changed or unchanged."""
        is_ours = _OF_THE_RELEASE.fullmatch(cell.id) or _plain(cell.source) in self.texts
        return bool(is_ours) or _is_generated(cell)

    def _is_own(self, cell: NotebookCell) -> bool:
        """Tell whether a cell has words of the student's own, as far as that is known."""
        if not self.knows or _is_generated(cell) or item_of(cell) or not _plain(cell.source):
            return False
        if self.given:
            is_changed = _plain(cell.source) not in self.texts
            return is_changed and not (cell.kind == "code" and self._may_be_work(cell))
        return not _OF_THE_RELEASE.fullmatch(cell.id)

    def _may_be_work(self, cell: NotebookCell) -> bool:
        """Tell whether a code cell may be a cell of the release that the student completed."""
        return bool(_OF_THE_RELEASE.fullmatch(cell.id)) or not self.has_ids

    def _below(self, start: int) -> list[int]:
        """Return the cells that belong to an answer and are below its first cell."""
        found = []
        for index in range(start + 1, len(self.cells)):
            cell = self.cells[index]
            if index in self.owners or item_of(cell) or self._is_given(cell):
                break
            if not self.knows and _HEADING.match(cell.source):
                break
            if cell.kind == "code" and not self.has_ids:
                break  # it may be the next cell of the release
            found.append(index)
        return found

    def _above(self, start: int) -> list[int]:
        """Return the student's own cells between an answer's first cell and its question."""
        index = start
        while index and index - 1 not in self.owners and self._is_own(self.cells[index - 1]):
            index -= 1
        is_asked = index and self._is_given(self.cells[index - 1])
        return [*range(index, start)] if is_asked else []

    def _question(self, starts: list[int]) -> NotebookCell | None:
        """Return the cell above an answer, and above what the student added above the answer."""
        if not starts:
            return None
        index = (self._above(starts[0]) or starts)[0] - 1
        if index < 0 or index in self.owners or self.cells[index].kind == "code":
            return None
        return self.cells[index] if _plain(self.cells[index].source) else None

    def _mentions(self, cell: NotebookCell, item: str, title: str) -> bool:
        """Tell whether a cell of the student's own mentions the item."""
        is_text = cell.kind != "code" and not _is_generated(cell) and not item_of(cell)
        if not (self._is_own(cell) if self.knows else is_text):
            return False
        if re.search(rf"(?<![\w-]){re.escape(item)}(?![\w-])", cell.source):
            return True
        return len(title) >= _LONG_TITLE and title.casefold() in cell.source.casefold()

    def _rest(
        self, starts: list[int], shown: Mapping[int, str], question: NotebookCell | None
    ) -> tuple[NotebookCell, ...]:
        """Return the cells with text below the question's heading, and the student's above it."""
        top = starts[0] if starts else 0
        while top and not (self.cells[top].kind == "markdown"
                           and _HEADING.match(self.cells[top].source)):  # fmt: skip
            top -= 1
        return tuple(
            cell
            for index, cell in enumerate(self.cells)
            if index not in shown
            and cell is not question
            and _plain(cell.source)
            and ((index >= top and cell.kind != "code") or self._is_own(cell))
        )


def _was_made_for(cell: NotebookCell, item: str) -> bool:
    metadata = cell.node.get("metadata")
    if isinstance(metadata, dict) and text_of(metadata.get("answer")) == item:
        return not item_of(cell)
    made = _OF_THE_RELEASE.fullmatch(cell.id)
    return bool(made and made["what"] == f"answer-{item}"[:60]) and not item_of(cell)


def _is_fixed_text(cell: NotebookCell) -> bool:
    """Tell whether a cell cannot be deleted in Jupyter; of text cells, only answer cells cannot."""
    metadata = cell.node.get("metadata")
    is_fixed = isinstance(metadata, dict) and metadata.get("deletable") is False
    return is_fixed and cell.kind != "code"


def _is_generated(cell: NotebookCell) -> bool:
    return cell.kind == "code" and _GENERATED.search(cell.source) is not None


def _has_words(cell: NotebookCell, text: str) -> bool:
    return bool(text.strip() or cell.outputs or cell.node.get("attachments"))


def _own_words(cell: NotebookCell) -> str:
    text = _FIRST_LINE.sub("", cell.source, count=1)
    return text.replace(WRITE_HERE, "").strip("\n")


def _plain(text: str) -> str:
    """Return what distinguishes a text from other cells' texts; editors differ about spaces."""
    return " ".join(text.split())
