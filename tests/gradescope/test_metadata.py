"""What is read from Gradescope's metadata, in all its forms, and what students read about it."""

import json
from datetime import timedelta

import pytest

from autograder.gradescope.metadata import Metadata, read_metadata
from autograder.gradescope.seed import Seed
from autograder.gradescope.submission_context import with_circumstances
from autograder.results import (
    ItemRecord,
    SubmissionRecord,
    gradescope_document,
    totals,
    validate_results,
)

from .stand_in import metadata

SEED = Seed(7, "drawn for this run alone")
DUE = metadata()["assignment"]


@pytest.fixture
def read(tmp_path):
    def read(text):
        (tmp_path / "submission_metadata.json").write_text(
            text if isinstance(text, str) else json.dumps(text)
        )
        return read_metadata(tmp_path)

    return read


def test_an_upload_in_time(read):
    about = read(metadata())
    assert (about.submission, about.method, about.people) == ("123456", "upload", 1)
    assert about.late == timedelta(0)
    assert about.shown_after.isoformat() == "2026-10-02T23:59:00-04:00"
    assert (about.earlier, about.last_score) == (0, None)


def test_a_group_by_github(read):
    people = [{"id": n, "email": f"{n}@example.edu", "name": str(n)} for n in range(3)]
    about = read(
        metadata(
            users=people,
            submission_method="GitHub",
            assignment=DUE | {"group_submission": True, "group_size": 3},
        )
    )
    assert (about.people, about.method) == (3, "GitHub")


def test_lateness_counts_in_time_zones_and_from_the_due_date(read):
    about = read(metadata(created_at="2026-10-03T05:59:00.000000+00:00"))  # 01:59 in New York
    assert about.late == timedelta(hours=2)
    late_due = "2026-10-05T23:59:00.000000-04:00"
    about = read(
        metadata(
            created_at="2026-10-03T01:59:00.000000-04:00",
            assignment=DUE | {"late_due_date": late_due},
        )
    )
    assert about.late == timedelta(hours=2)
    assert about.shown_after.isoformat() == "2026-10-05T23:59:00-04:00"


def test_an_extension_of_one_counts_for_the_group(read):
    extended = {"id": 2, "assignment": {"due_date": "2026-10-09T23:59:00.000000-04:00"}}
    about = read(metadata(created_at="2026-10-09T12:00:00-04:00", users=[{"id": 1}, extended]))
    assert about.late == timedelta(0)
    assert read(metadata(created_at="2026-10-09T12:00:00-04:00")).late > timedelta(days=6)


def earlier(day, score, **fields):
    return {"submission_time": f"2026-09-{day:02}T12:00:00-04:00", "score": score} | fields


@pytest.mark.parametrize(
    ("before", "count", "score"),
    [
        ([earlier(1, 3.0), earlier(2, 4.5)], 2, 4.5),
        ([earlier(2, 4.5), earlier(1, 3.0)], 2, 4.5),
        ([earlier(1, "3.5")], 1, 3.5),
        ([earlier(1, 3.0, autograder_error=True)], 1, None),
        ([earlier(1, None, results={"score": 2.0, "tests": []})], 1, 2.0),
        ([earlier(1, True)], 1, None),
        ([earlier(1, "many")], 1, None),
        ([{"score": 1.0}], 1, None),
    ],
)
def test_earlier_submissions(read, before, count, score):
    about = read(metadata(previous_submissions=before))
    assert (about.earlier, about.last_score) == (count, score)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '"x"', "[" * 100_000,
        '{"id": null, "created_at": 3, "assignment": [], "users": {}, "previous_submissions": 1}',
        '{"id": true, "created_at": "yesterday", "users": [3], "previous_submissions": [[]]}',
        '{"created_at": "2026-10-03T05:59:00", "assignment": {"due_date": "2026-10-02T00:00:00"}}',
    ],
)  # fmt: skip
def test_what_cannot_be_understood_counts_as_not_said(read, text):
    about = read(text)
    assert (about.submission, about.due, about.late, about.people) == ("", None, timedelta(0), 1)
    assert about.last_score is None


def test_no_file_says_nothing(tmp_path):
    assert read_metadata(tmp_path) == Metadata()


def make_item(item_id="p1-a", visibility="visible"):
    return ItemRecord(item_id, "p1", item_id, 2.0, 2.0, "passed", "", "", visibility, ())


def told(about, *items):
    isolation = {"mode": "gradescope", "layers": {}}
    record = SubmissionRecord("a", *totals(items), 1.0, SEED.number, isolation, items, (), "", {})
    document = with_circumstances(gradescope_document(record), about, SEED)
    assert not [one for one in validate_results(document) if one.level == "error"]
    return document


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ("2026-10-02T23:59:01-04:00", "1 min"),
        ("2026-10-03T00:29:00-04:00", "30 min"),
        ("2026-10-03T02:04:00-04:00", "2 h 5 min"),
        ("2026-10-05T02:59:00-04:00", "2 d 3 h"),
    ],
)
def test_a_late_student_is_told_how_late(read, late, words):
    document = told(read(metadata(created_at=late)), make_item())
    assert f"Handed in {words} after the due date." in document["output"].splitlines()
    assert document["score"] == 2.0  # what lateness costs is for people and Gradescope to say


def test_a_student_in_time_is_told_nothing_of_lateness(read):
    document = told(read(metadata()), make_item())
    assert document["output"] == "2 of 2 points."
    assert document["extra_data"]["submission"]["late_seconds"] == 0


def test_what_is_for_after_the_due_date_is_shown_after_the_late_one(read):
    assignment = DUE | {"late_due_date": "2026-10-05T23:59:00.000000-04:00"}
    later = make_item("p1-b", visibility="after_due_date")
    document = told(read(metadata(assignment=assignment)), make_item(), later)
    assert "Some parts are shown after the due date, 2026-10-05 23:59 (UTC-0400)." in (
        document["output"].splitlines()
    )
    assert [entry["visibility"] for entry in document["tests"]] == ["visible", "after_due_date"]


def test_without_a_due_date_it_is_shown_when_grades_are_published(read):
    later = make_item("p1-b", visibility="after_due_date")
    document = told(read("{}"), make_item(), later)
    assert [entry["visibility"] for entry in document["tests"]] == ["visible", "after_published"]
    assert "Some parts are shown when the grades are published." in document["output"]


def test_the_score_before_is_told_unless_it_would_tell_what_is_hidden(read):
    about = read(metadata(previous_submissions=[earlier(1, 1.5)]))
    words = "Your submission before this one had 1.5 points."
    assert words in told(about, make_item())["output"]
    hidden = make_item("p1-b", visibility="after_published")
    assert words not in told(about, make_item(), hidden)["output"]


def test_nobody_is_named(read):
    document = told(read(metadata()), make_item())
    assert "student@example.edu" not in json.dumps(document)
