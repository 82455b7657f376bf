"""Show records on a terminal: items side by side for a few submissions, one row each for a class.

Text that came from a student is shown literally: `Text` objects do not interpret markup, and
`plain_text` has removed terminal escapes. `rich` is imported where it is used, because importing it
costs start-up time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from autograder.results.record import ItemRecord, ItemStatus, SubmissionRecord, worth
from autograder.results.wording import STATUS_WORD
from autograder.text import one_line, plain_text

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.table import Table
    from rich.text import Text

SIDE_BY_SIDE = 4
"""How many submissions fit next to each other on 80 columns."""

_MESSAGE_LINES = 20
_CELL_WIDTH = len("0.83 partial")
_COUNTED: Final[tuple[ItemStatus, ...]] = (
    "passed",
    "partial",
    "failed",
    "not_attempted",
    "timeout",
    "crashed",
    "grader_error",
)

_STYLE: Final[dict[ItemStatus, str]] = {
    "passed": "green",
    "partial": "yellow",
    "failed": "red",
    "not_attempted": "dim",
    "timeout": "red",
    "crashed": "red",
    "grader_error": "bold magenta",
    "awaiting_manual": "dim",
}


def show_records(records: Sequence[SubmissionRecord], console: Console | None = None) -> None:
    """Print tables of `records` and, for a few submissions, what went wrong in each.

    Args:
        records: graded submissions, in the order to show them.
        console: where to print; standard output by default.
    """
    from rich.console import Console

    console = console or Console(highlight=False)
    if len(records) > SIDE_BY_SIDE:
        console.print(class_table(records))
        return
    console.print(item_table(records))
    for record in records:
        console.print(messages(record))


def item_table(records: Sequence[SubmissionRecord]) -> Table:
    """Return a table with a row for each item and a column for each submission."""
    table = _empty_table(gap=2 if len(records) < SIDE_BY_SIDE else 1)
    table.add_column("Item", no_wrap=True, overflow="ellipsis")
    if len(records) == 1:
        table.add_column("Title", ratio=1)
    table.add_column("Of", justify="right", no_wrap=True)
    for record in records:
        name = _text(one_line(record.name))
        table.add_column(name, overflow="fold", min_width=_CELL_WIDTH)
    items = {item.id: item for record in records for item in record.items}
    graded = [{item.id: item for item in record.items} for record in records]
    for item_id, item in items.items():
        cells = [_cell(of_one.get(item_id)) for of_one in graded]
        title = [_text(one_line(item.title))] if len(records) == 1 else []
        table.add_row(_text(item_id), *title, worth(item), *cells)
    table.add_section()  # a line above the totals
    possible = max((record.possible for record in records), default=0.0)
    totals = [_text(f"{record.score:>4g}", "bold") for record in records]
    table.add_row("Total", *([""] if len(records) == 1 else []), f"{possible:g}", *totals)
    return table


def class_table(records: Sequence[SubmissionRecord]) -> Table:
    """Return a table with a row for each submission: score, and how many items have each status."""
    counts = [Counter(item.status for item in record.items) for record in records]
    present = [status for status in _COUNTED if any(count[status] for count in counts)]
    table = _empty_table(gap=1)
    table.add_column("Submission", overflow="fold")
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Of", justify="right", no_wrap=True)
    for status in present:
        word = STATUS_WORD[status]
        table.add_column(word, justify="right", no_wrap=True, min_width=len(word))
    for record, count in zip(records, counts, strict=True):
        cells = [_text(str(count[status] or ""), _STYLE[status]) for status in present]
        name = _text(one_line(record.name))
        table.add_row(name, f"{record.score:g}", f"{record.possible:g}", *cells)
    return table


def messages(record: SubmissionRecord) -> Group:
    """Return the messages about a submission: its notices, and each item that was not passed.

    Items that were not attempted share a line. A message that several items have in common (such
    as a file that cannot be imported) is shown once.
    """
    from rich.console import Group
    from rich.padding import Padding

    lines: list[Text | Padding] = [_text(f"\n{one_line(record.name)}", "bold")]
    lines += [_text(f"note: {plain_text(notice)}") for notice in record.notices]
    lines += [_text(f"brought along: {one_line(entry)}") for entry in record.brought]
    for message, items in _by_message(record.items).items():
        heading = _text("")
        for index, item in enumerate(items):
            heading.append(", " if index else "")
            heading.append(one_line(item.id), "bold")
            heading.append(" " + STATUS_WORD[item.status], _STYLE[item.status])
            heading.append(f" {item.score:g} of {worth(item)}")
        lines += [heading, Padding(_text(_first_lines(message)), (0, 0, 0, 4))]
    untried = [one_line(item.id) for item in record.items if item.status == "not_attempted"]
    if untried:
        lines.append(_text(f"not attempted: {', '.join(untried)}"))
    if len(lines) == 1:
        lines.append(_text("all items passed", "green"))
    return Group(*lines)


def _by_message(items: Sequence[ItemRecord]) -> dict[str, list[ItemRecord]]:
    """Return the items that need a message, grouped by that message."""
    found: dict[str, list[ItemRecord]] = {}
    for item in items:
        if item.status not in ("passed", "not_attempted", "awaiting_manual"):
            found.setdefault(plain_text(item.message.strip()) or "no message", []).append(item)
    return found


def _first_lines(message: str) -> str:
    lines = message.splitlines()
    if len(lines) <= _MESSAGE_LINES:
        return message
    rest = len(lines) - _MESSAGE_LINES
    return "\n".join([*lines[:_MESSAGE_LINES], f"... ({rest} more lines in the JSON)"])


def _cell(item: ItemRecord | None) -> Text:
    if item is None:
        return _text("")
    scored = item.status not in ("awaiting_manual", "grader_error")
    score = f"{item.score:>4g}" if scored else "  -"
    return _text(f"{score} ").append(STATUS_WORD[item.status], _STYLE[item.status])


def _empty_table(gap: int) -> Table:
    from rich import box
    from rich.table import Table

    padding = (0, gap - 1, 0, 0)  # the box adds one blank between columns itself
    return Table(box=box.SIMPLE_HEAD, show_edge=False, padding=padding, header_style="bold")


def _text(plain: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(plain, style)
