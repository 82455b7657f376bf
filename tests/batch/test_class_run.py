"""Nothing is graded twice, nothing is lost, and a regrade grades what a change touches."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest

from autograder.batch.changes import changes_since, document, lines
from autograder.batch.students import students_document
from autograder.errors import AutograderError
from autograder.results.gradings import HandInRow

from .conftest import judge

ALL = ("t1-square", "t1-row-sums", "t1-why")
SQUARE = ("rubric/test_area.py", "x = rng.uniform(1.5,", "x = rng.uniform(1.6,")


def test_what_is_graded_is_not_graded_again(group):
    first = group.grade()
    assert first.judged == dict.fromkeys(("ada", "bob", "eve"), ALL)
    before = group.written()
    second = group.grade()
    assert second.judged == {} and second.stale == {}
    assert group.written() == before


def test_a_run_that_was_stopped_goes_on_where_it_was(group):
    first = group.grade(stop_after=1)
    second = group.grade()
    assert set(first.judged) == {"ada"}
    assert set(second.judged) == {"bob", "eve"}
    assert set(group.scores()) == {"ada", "bob", "eve"}


def test_a_new_submission_is_graded_and_the_old_grading_is_kept(group):
    group.grade()
    group.submit("bob", "passed")
    assert group.grade().judged == {"bob": ALL}
    assert group.scores()["bob"]["t1-square"] == "passed"
    group.submit("bob", "failed")  # the earlier one is put back: it was graded already
    assert group.grade().judged == {}
    assert group.scores()["bob"]["t1-square"] == "failed"
    results = json.loads((group.folder / "bob/results.json").read_bytes())
    assert results["score"] == 0


def test_results_that_are_missing_or_of_another_grading_are_written_again(group):
    group.grade()
    before = {path: text for path, (text, _) in group.written().items()}
    (group.folder / "ada/results.json").unlink()
    (group.folder / "eve/results.json").write_text("{}")
    assert group.grade().judged == {}
    assert {path: text for path, (text, _) in group.written().items()} == before


def test_items_that_were_not_asked_for_before_are_graded_alone(group):
    group.grade(items=["t1-square"])
    assert group.grade().judged["ada"] == ("t1-row-sums", "t1-why")
    assert group.scores()["ada"] == dict(
        zip(ALL, ("passed", "passed", "awaiting_manual"), strict=True)
    )
    assert group.grade(items=["t1-square"]).judged == {}


def test_what_the_grader_failed_in_is_graded_again(group):
    group.submit("ada", "grader_error")
    group.grade()
    run = group.grade()
    assert run.judged == {"ada": ("t1-square", "t1-row-sums")}
    assert run.stale == {}


def test_without_regrade_a_change_is_told_and_grades_nothing(group):
    group.grade()
    group.change(*SQUARE)
    run = group.grade()
    assert run.judged == {}
    assert set(run.stale) == {"ada", "bob", "eve"}


def test_a_regrade_grades_what_a_change_touches(group):
    group.grade()
    group.change(*SQUARE)
    run = group.grade(regrade=True)
    assert run.judged == dict.fromkeys(("ada", "bob", "eve"), ("t1-square",))
    gradings = group.open()
    judged_in = gradings.latest("ada").judged_in
    gradings.close()
    assert judged_in["t1-square"] > judged_in["t1-row-sums"]
    assert group.grade(regrade=True).judged == {}
    assert group.grade().stale == {}


def test_a_regrade_without_a_change_changes_nothing(group):
    group.grade()
    before = group.written()
    run = group.grade(regrade=True)
    assert run.judged == {} and group.written() == before
    gradings = group.open()
    assert changes_since(gradings, run.first) == []
    gradings.close()


def test_new_titles_are_taken_over_without_grading(group):
    group.grade()
    group.change("assignment.toml", "Sum of each row", "Row sums")
    assert group.grade(regrade=True).judged == {}
    gradings = group.open()
    titles = [item.title for item in gradings.latest("eve").record.items]
    gradings.close()
    assert titles == ["Square of each entry", "Row sums", "Why no loop is needed"]
    assert "Row sums" in (group.folder / "eve/results.json").read_text()


def test_an_item_that_is_gone_goes_from_the_records(group):
    group.grade()
    path = group.course / "assignment/tiny/assignment.toml"
    text = path.read_text()
    written = text.index('[[item]]\nid = "t1-why"')
    path.write_text(text[:written].replace("points = 5", "points = 4"))
    assert group.grade(regrade=True).judged == {}
    assert set(group.scores()["ada"]) == {"t1-square", "t1-row-sums"}


def test_a_regrade_shows_what_changes_student_by_student(group):
    group.grade()
    group.change(*SQUARE)

    def stricter(task):
        record = judge(task)
        if task.submission.name != "eve":
            return record
        items = tuple(replace(item, score=0.0, status="failed") for item in record.items)
        return replace(record, items=items, score=0.0)

    run = group.grade(regrade=True, judge=stricter)
    gradings = group.open()
    changes = changes_since(gradings, run.first)
    gradings.close()
    assert lines(changes) == [
        "eve: 4 of 4 -> 2 of 4",
        "  t1-square: 2 of 2 passed -> 0 of 2 failed",
    ]
    entries = {one["name"]: one for one in document("tiny", changes)["submissions"]}
    assert set(entries) == {"ada", "bob", "eve"}
    assert entries["ada"]["items"] == []
    assert entries["eve"]["after"] == {"score": 2.0, "possible": 4.0}


def test_a_regrade_that_was_killed_goes_on_and_shows_everything(group):
    group.grade()
    group.change(*SQUARE)
    first = group.grade(regrade=True, stop_after=1)
    second = group.grade(regrade=True)
    assert set(first.judged) == {"ada"} and set(second.judged) == {"bob", "eve"}
    gradings = group.open()
    names = [change.name for change in changes_since(gradings, second.first)]
    gradings.close()
    assert names == ["ada", "bob", "eve"]


def test_another_seed_touches_everything(group):
    group.grade()
    assert set(group.grade(seed=2).stale) == {"ada", "bob", "eve"}
    assert set(group.grade(seed=2, regrade=True).judged) == {"ada", "bob", "eve"}


def test_each_submission_is_graded_with_a_seed_of_its_own_and_again_with_the_same(group):
    """Whatever is taken up, graded alone or in another order between."""
    asked = []

    def seed_of(submission):
        asked.append(submission.name)
        return len((submission.path / "shapes/area.py").read_text())

    def seeds():
        gradings = group.open()
        found = {name: gradings.latest(name).record.seed for name in gradings.names()}
        gradings.close()
        return found

    group.grade(seed_of=seed_of, stop_after=1)
    group.grade(seed_of=seed_of)
    assert seeds() == {"ada": 6, "bob": 6, "eve": 6}
    group.submit("bob", "failed ")
    group.submit("abe", "passed  ")
    asked.clear()
    group.grade(seed_of=seed_of)
    assert asked == ["abe", "bob"]  # what is known is not even read
    group.change(*SQUARE)
    group.grade(seed_of=seed_of, regrade=True)
    assert seeds() == {"abe": 8, "ada": 6, "bob": 7, "eve": 6}


def test_files_that_cannot_be_written_stop_the_run_and_lose_nothing(group, monkeypatch):
    from autograder.batch import class_run

    def full(folder, record):
        if record.name == "bob":
            raise AutograderError("cannot write the results (No space left on device)")
        return write(folder, record)

    write = class_run.write_results
    monkeypatch.setattr(class_run, "write_results", full)
    with pytest.raises(AutograderError, match="No space left"):
        group.grade()
    monkeypatch.undo()
    assert set(group.scores()) == {"ada"}
    assert set(group.grade().judged) == {"bob", "eve"}


def test_a_full_disk_for_temporary_files_blames_no_student(group, monkeypatch):
    group.grade(stop_after=1)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=10_000_000))
        with pytest.raises(AutograderError, match=r"disk for temporary files is full.*TMPDIR"):
            group.grade()
    assert set(group.scores()) == {"ada"}
    assert set(group.grade().judged) == {"bob", "eve"}


def test_the_list_of_students(group):
    ada, bob = ({"id": one, "name": one.title(), "email": ""} for one in ("ada", "bob"))
    rows = [
        HandInRow("first", (ada,), "2026-10-01T12:00:00+00:00", None, None),
        HandInRow("second", (ada, bob), "2026-10-02T14:00:00+02:00", True, None),
        HandInRow("nobody's", (), "", None, None),
    ]
    written, notes = students_document(rows, [])
    assert notes == []
    assert written == {
        "schema": "autograder.students/1",
        "students": [
            {
                "student": who, "name": who.title(), "email": None, "group": ["ada", "bob"],
                "submission": "second", "submitted_at": "2026-10-02T14:00:00+02:00", "late": True,
                "superseded": superseded, "why": None, "platform": None,
            }
            for who, superseded in (("ada", ["first"]), ("bob", []))
        ],
        "unidentified": [],
    }  # fmt: skip
