"""A submission of which only the words of an answer are new keeps what its code has earned."""

import json
import sqlite3
from contextlib import closing

import pytest

from autograder.assignment import load_assignment
from autograder.release import solution_files, write_release

AUTO, WRITTEN = {"n1-mean", "n1-figure"}, {"n1-why"}


class HandedIn:
    """Anna's submission, and what was graded of it."""

    def __init__(self, run, course):
        self.run, self.course = run, course
        write_release(solution_files(load_assignment(course, "noted")), course / "in/anna")

    def change(self, old, new):
        path = self.course / "in/anna/squares.ipynb"
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))

    def grade(self):
        """The items that were judged by this run, and all items' scores."""
        done = self.run("grade", "noted", "--from", "in")
        assert done.returncode == 0, done.stderr
        database = self.course / "results/noted/gradings.sqlite"
        with closing(sqlite3.connect(database)) as connection:
            [number, seed] = connection.execute(
                "SELECT id, seed FROM gradings ORDER BY id DESC LIMIT 1"
            ).fetchone()
            rows = connection.execute(
                "SELECT id, judged_in = grading, score FROM items WHERE grading = ?", (number,)
            ).fetchall()
        self.seed = seed
        return {row[0] for row in rows if row[1]}, {row[0]: row[2] for row in rows}

    def answer(self):
        kept = json.loads((self.course / "results/noted/anna/written.json").read_text())
        return kept["answers"][0]["cells"][0]["text"]


@pytest.fixture
def handed_in(run, course):
    return HandedIn(run, course)


def test_only_the_answer_is_taken_again(handed_in):
    judged, scores = handed_in.grade()
    assert judged == AUTO | WRITTEN
    seed = handed_in.seed
    handed_in.change("is zero there only", "has no other zero")
    again, after = handed_in.grade()
    assert again == WRITTEN and after == scores and handed_in.seed == seed
    assert "has no other zero" in handed_in.answer()
    assert (handed_in.course / "results/noted/anna/results.json").is_file()


def test_code_that_changes_with_the_answer_is_graded(handed_in):
    handed_in.grade()
    handed_in.change("is zero there only", "has no other zero")
    handed_in.change("return ", "return 0 * ")
    judged, scores = handed_in.grade()
    assert judged == AUTO | WRITTEN and scores["n1-mean"] == 0


def test_a_changed_test_is_graded_with_the_changed_answer(handed_in):
    handed_in.grade()
    rubric = handed_in.course / "assignment/noted/rubric"
    file = rubric / "test_squares_hidden.py"
    text = file.read_text()
    file.write_text(text.replace("cubes", "third powers"))
    handed_in.change("is zero there only", "has no other zero")
    judged, _ = handed_in.grade()
    assert judged == WRITTEN | {"n1-figure"}
