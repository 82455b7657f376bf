"""What an instructor sees on a terminal of 80 columns."""

import io
import subprocess
import sys
from collections.abc import Sequence

import pytest
from rich.console import Console

from autograder.cli.class_summary import Summary
from autograder.results import SubmissionRecord
from autograder.results.record import ITEM_STATUSES
from autograder.results.table import show_records

from .builders import make_item, make_record

HOSTILE = "[bold red]markup[/] [link=http://x]y[/link] \x1b]0;title\x07\x1b[2J\x9b31m :smile: [/]"


def shown(records: Sequence[SubmissionRecord], width: int = 80, colour: bool = False) -> str:
    """Return what `show_records` prints."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        highlight=False,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    show_records(records, console)
    return out.getvalue()


def one_of_each(name: str) -> SubmissionRecord:
    """Return a submission with an item of every status."""
    items = [
        make_item(
            f"p6-sequential-{status[:8]}",
            status=status,
            points=2.5,
            score={"passed": 2.5, "partial": 0.83}.get(status, 0.0),
            message="" if status == "passed" else f"dL/dW: {status}. " + "too long for a line " * 6,
        )
        for status in ITEM_STATUSES
    ]
    return make_record(items, name, notices=("left out: `../evil.py` points outside.",))


def lines(text: str) -> list[str]:
    """Return the lines of a picture without the blanks that fill them up."""
    return [line.rstrip() for line in text.splitlines()]


def test_submissions_stand_side_by_side() -> None:
    anna = make_record([make_item("p1-area"), make_item("p1-sum", status="not_attempted")], "anna")
    bob = make_record([make_item("p1-area", status="failed", message="area: got 3")], "bob")
    assert lines(shown([anna, bob])) == [
        "Item     Of  anna          bob",
        "────────────────────────────────────────",
        "p1-area   2     2 passed      0 failed",
        "p1-sum    2     0 untried",
        "",
        "Total     4     2             0",
        "",
        "anna",
        "not attempted: p1-sum",
        "",
        "bob",
        "p1-area failed 0 of 2",
        "    area: got 3",
    ]


def test_a_single_submission_is_shown_with_titles() -> None:
    text = shown([make_record([make_item("p1-area", title="Area of a rectangle")])])
    assert "Area of a rectangle" in text
    assert "all items passed" in text


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 40])
def test_nothing_is_wider_than_80_columns_and_nothing_is_cut(count: int) -> None:
    records = [one_of_each(f"student-with-a-long-name-{number}") for number in range(count)]
    text = shown(records)
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in text
    for word in ("passed", "partial", "failed", "untried", "timeout", "crashed", "ungraded"):
        assert word in text


def test_a_class_has_a_row_for_each_submission() -> None:
    records = [make_record([make_item("p1-a"), make_item("p1-b")], f"s{n}") for n in range(5)]
    assert lines(shown(records))[:3] == [
        "Submission Score Of passed",
        "──────────────────────────",
        "s0             4  4      2",
    ]


def test_a_message_shared_by_items_is_said_once_and_long_ones_are_cut() -> None:
    items = [make_item(f"p1-{n}", status="failed", message="no module shapes") for n in range(3)]
    items.append(make_item("p1-x", status="failed", message="\n".join(map(str, range(100)))))
    text = shown([make_record(items)])
    assert text.count("no module shapes") == 1
    assert "p1-0 failed 0 of 2, p1-1 failed 0 of 2, p1-2 failed 0 of 2" in text
    assert "... (80 more lines in the JSON)" in text


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_text_from_students_is_neither_markup_nor_an_escape(colour: bool, count: int) -> None:
    item = make_item("p1-area", status="failed", title=HOSTILE, message=HOSTILE)
    record = make_record([item], HOSTILE, notices=(HOSTILE,))
    text = shown([record] * count, width=200, colour=colour)
    assert "[bold red]markup[/]" in text
    assert ":smile:" in text
    assert "title\x07" not in text
    assert "\x1b[2J" not in text
    assert "\x9b" not in text
    if not colour:
        assert "\x1b" not in text


def test_no_records_are_no_error() -> None:
    assert "Item" in shown([])


def test_importing_the_results_does_not_import_rich() -> None:
    """Rich costs a tenth of a second, which `autograder --help` must not pay."""
    code = "import sys, autograder.results.table; sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def told_of(submissions, capsys):
    summary = Summary(submissions)
    for number in range(submissions):
        failed = {"status": "grader_error", "message": "a long story"} if number == 0 else {}
        summary.note(make_record([make_item(**failed)], name=f"student {number}"))
    summary.show()
    return summary, capsys.readouterr().out


def test_the_table_of_a_class_has_a_row_for_each_submission(capsys):
    summary, out = told_of(5, capsys)
    assert summary.records == 5
    assert all(f"student {number}" in out for number in range(5))
    assert "a long story" not in out


def test_of_a_class_too_large_for_a_table_only_the_number_is_told_and_kept(capsys, monkeypatch):
    monkeypatch.setattr("autograder.cli.class_summary.TABLE_ROWS", 4)
    summary, out = told_of(5, capsys)
    assert (summary.records, out) == (5, "5 submissions are graded\n")
    assert not summary.rows
