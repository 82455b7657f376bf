"""The document that Gradescope reads, and that a student may read in full."""

import json

import pytest
from hypothesis import given

from autograder.results import (
    ItemRecord,
    SubmissionRecord,
    gradescope_document,
    json_text,
    validate_results,
)
from autograder.results.record import ITEM_STATUSES, ItemStatus

from .builders import make_item, make_record, make_test
from .test_record import records

ITEMS = (
    make_item("p6-init", points=1.0),
    make_item("p6-forward", points=2.5, status="partial", score=1.25),
    make_item("p6-backward", points=2.5, status="not_attempted", student_message=""),
    make_item("p7-report", points=4.0, status="awaiting_manual", student_message=""),
    make_item("p7-secret", points=1.0, status="failed", visibility="after_published"),
)


def test_an_item_is_one_test_entry() -> None:
    document = gradescope_document(make_record(ITEMS))
    assert document["score"] == 2.25
    assert "execution_time" not in document  # how long hidden tests take is the student's choice
    assert [entry["number"] for entry in document["tests"]] == ["6.1", "6.2", "6.3", "7.1", "7.2"]
    assert document["tests"][1] == {
        "number": "6.2",
        "name": "Title of p6-forward (p6-forward)",
        "score": 1.25,
        "max_score": 2.5,
        "status": "failed",
        "output": "hint for p6-forward",
        "visibility": "visible",
        "extra_data": {"item": "p6-forward", "status": "partial"},
    }
    assert document["tests"][4]["visibility"] == "after_published"


def test_an_item_without_words_has_a_sentence() -> None:
    document = gradescope_document(make_record(ITEMS))
    assert document["tests"][2]["output"] == "Not attempted yet."
    blank = make_item(status="failed", student_message=" \n ")
    document = gradescope_document(make_record([blank]))
    assert document["tests"][0]["output"] == "The checks found a mistake."


@pytest.mark.parametrize("status", ["awaiting_manual", "grader_error"])
def test_what_no_grader_decided_has_neither_score_nor_verdict(status: ItemStatus) -> None:
    document = gradescope_document(make_record([make_item(status=status), make_item("p1-b")]))
    assert document["score"] == 2.0
    assert not {"score", "max_score", "status"} & set(document["tests"][0])
    assert not [finding for finding in validate_results(document) if finding.level == "error"]


def test_a_grader_error_is_said_to_be_ours() -> None:
    document = gradescope_document(
        make_record([make_item("p1-area", status="grader_error", student_message="")])
    )
    assert (
        "because of an error in the grader, not a mistake of yours: p1-area."
        in (document["output"])
    )
    assert "It is not your mistake" in document["tests"][0]["output"]


def test_the_summary_has_score_written_parts_and_notices() -> None:
    record = make_record(ITEMS, notices=("left out: `shapes/\x1b[2J.py` is a link.",))
    assert gradescope_document(record)["output"].splitlines() == [
        "2.25 of 6 points in the parts that are shown now; 1 more are shown later.",
        "Parts that a person grades: 4 more.",
        "Note: left out: `shapes/.py` is a link.",
    ]


def test_the_summary_does_not_tell_the_points_of_what_is_not_shown() -> None:
    shown = make_item("p1-a", points=3.0)
    for visibility in ("hidden", "after_due_date", "after_published"):
        outputs = {
            gradescope_document(
                make_record([shown, make_item("p1-b", visibility=visibility, status=status)])
            )["output"]
            for status in ("passed", "failed")
        }
        assert outputs == {"3 of 3 points in the parts that are shown now; 2 more are shown later."}


def test_an_item_that_waits_has_its_words_and_neither_score_nor_verdict() -> None:
    items = [make_item("p1-a"), make_item("p1-b", status="grader_error")]
    document = gradescope_document(make_record(items), {"p1-b": "Not graded yet."})
    assert document["tests"][1]["output"] == "Not graded yet."
    assert not {"score", "max_score", "status"} & set(document["tests"][1])
    assert document["output"].splitlines() == ["2 of 4 points.", "Not graded: p1-b."]


def test_problems_without_a_number_count_by_their_place() -> None:
    items = [
        make_item(item_id, problem=problem)
        for item_id, problem in [("a", "warmup"), ("b", "p12"), ("c", "warmup"), ("d", "")]
    ]
    document = gradescope_document(make_record(items))
    assert [entry["number"] for entry in document["tests"]] == ["1.1", "12.1", "1.2", "3.1"]


def test_nothing_but_student_messages_is_shown() -> None:
    secret = "expected 0.7316 from the hidden test"
    items = [
        make_item(
            f"p1-{status}",
            status=status,
            message=secret,
            student_message="",
            tests=(make_test(secret, title=secret, hidden=True, message=secret),),
        )
        for status in ITEM_STATUSES
    ]
    assert secret not in json_text(gradescope_document(make_record(items)))


def test_student_text_cannot_act_on_a_terminal_or_page() -> None:
    item = make_item(status="failed", student_message="\x1b[31m<script>alert(1)</script>\x07\u202e")
    document = gradescope_document(make_record([item]))
    assert document["tests"][0]["output"] == "<script>alert(1)</script>\\x07\\u202e"
    assert document["output_format"] == document["test_output_format"] == "text"
    assert document["test_name_format"] == "text"
    assert document["stdout_visibility"] == "hidden"


def test_what_took_part_is_recorded() -> None:
    extra = gradescope_document(make_record(ITEMS))["extra_data"]
    assert set(extra) == {"possible", "isolation", "versions", "sha256"}
    assert extra["isolation"]["mode"] == "local-user"
    assert extra["versions"]["numpy"] == "2.4.6"
    assert extra["sha256"] == "ab" * 32


def test_no_seed_is_in_what_students_see() -> None:
    record = make_record(ITEMS)
    assert str(record.seed) not in json_text(gradescope_document(record))


def test_a_submission_without_items_is_still_a_document() -> None:
    document = gradescope_document(make_record([], notices=("There is no submission.",)))
    assert not [finding for finding in validate_results(document) if finding.level == "error"]


@given(records)
def test_any_record_gives_a_valid_document(record: SubmissionRecord) -> None:
    raw = json_text(gradescope_document(record)).encode()
    findings = validate_results(raw)
    assert not [finding for finding in findings if finding.level == "error"], findings
    assert not any("control characters" in finding.what for finding in findings)
    assert json.loads(raw)["score"] == record.score


def test_the_number_of_items_does_not_matter() -> None:
    items: list[ItemRecord] = [make_item(f"p{n}-a") for n in range(300)]
    assert len(gradescope_document(make_record(items))["tests"]) == 300
