"""What persons write down by hand is checked, and every mistake told with its place."""

import pytest

from autograder.errors import UsageError
from autograder.gradebook import SheetErrors, read_sheets, write_blank_sheet
from autograder.results.class_results import read_class

HEADER = "student,name,t1-why,t2-proof,notes\n(out of),,1,2.5,\n"


@pytest.fixture
def read(assignment, results, tmp_path):
    """Read sheets of the given texts, called one.csv, two.csv."""

    def read(*texts, encoding="utf-8"):
        files = []
        for name, text in zip(("one.csv", "two.csv"), texts, strict=False):
            files.append(tmp_path / name)
            files[-1].write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_sheets(assignment, read_class(results), files)

    return read


def mistakes(read, tmp_path, *texts):
    with pytest.raises(SheetErrors) as error:
        read(*texts)
    return str(error.value).replace(f"{tmp_path}/", "").splitlines()


def test_a_blank_sheet_names_students_items_and_maxima(assignment, results, tmp_path):
    target = tmp_path / "sheet.csv"
    write_blank_sheet(assignment, read_class(results), target)
    assert target.read_text(encoding="utf-8-sig").splitlines() == [
        "student,name,t1-why,t2-proof,notes",
        "(out of),,1,2.5,",
        "anna,anna,,,",
        "ben,ben,,,",
        "clara,clara,,,",
        "dora,dora,,,",
    ]
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")  # or Excel reads it as Latin 1


def test_a_blank_sheet_is_read_as_no_points(assignment, results, tmp_path):
    target = tmp_path / "sheet.csv"
    write_blank_sheet(assignment, read_class(results), target)
    assert read_sheets(assignment, read_class(results), [target]) == {}


def test_a_sheet_is_never_written_over_somebodys_points(assignment, results, tmp_path):
    target = tmp_path / "sheet.csv"
    target.write_text("hours of work")
    with pytest.raises(UsageError, match="the file already exists"):
        write_blank_sheet(assignment, read_class(results), target)
    assert target.read_text() == "hours of work"


def test_points_are_read(read):
    assert read(HEADER + "anna,Anna,0.5,2.5,fine\nben,,1,,\nclara,,,0,\n") == {
        ("anna", "t1-why"): 0.5,
        ("anna", "t2-proof"): 2.5,
        ("ben", "t1-why"): 1.0,
        ("clara", "t2-proof"): 0.0,
    }


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffstudent,t1-why,t2-proof\r\nanna,0.5,2\r\n",
        "student;t2-proof;t1-why\nanna;2;0,5\n;;\n",
        "student\tt1-why\tt2-proof\n\nanna\t .5 \t2.0\n",
        "t1-why,student,t2-proof,,\n0.50,anna,2,,\n",
        'notes,student,t1-why,t2-proof\n"two\nlines",anna,0.5,2\n',
        "student,t1-why,t2-proof\nanna,0.5,2\nben\n",
    ],
)
def test_what_spreadsheets_make_of_a_sheet_is_read(read, text):
    assert read(text) == {("anna", "t1-why"): 0.5, ("anna", "t2-proof"): 2.0}


def test_sheets_of_several_persons_are_put_together(read):
    one = "student,t1-why,t2-proof\nanna,1,\nben,,2\n"
    two = "student,t2-proof\nanna,2\nben,\n"
    assert read(one, two) == {
        ("anna", "t1-why"): 1.0, ("ben", "t2-proof"): 2.0, ("anna", "t2-proof"): 2.0
    }  # fmt: skip


def test_points_of_a_pair_are_written_down_once(read, write_students):
    pair = {"group": ["anna", "ben"], "submission": "anna"}
    write_students({"student": "anna"} | pair, {"student": "ben", "superseded": ["ben"]} | pair)
    assert read("student,t1-why,t2-proof\nanna,1,2\nben,,0.5\n") == {
        ("anna", "t1-why"): 1.0,
        ("ben", "t1-why"): 1.0,
        ("anna", "t2-proof"): 2.0,
        ("ben", "t2-proof"): 0.5,  # what a person has written for one of them stays
    }


MISTAKES = {
    "student,t1-why\nana,1\n": "one.csv:2: unknown student 'ana'; did you mean 'anna'?",
    "student,t1-why\n,1\n": "one.csv:2: the student is missing; see students.json",
    "student,t1-wy\nanna,1\n": "one.csv:1: unknown item 't1-wy'; did you mean 't1-why'?",
    "student,points\n": "one.csv:1: unknown item 'points'; the written items are t1-why, t2-proof",
    "student,t1-square\n": "one.csv:1: 't1-square' is scored by tests; remove its column",
    "student,t1-why,t1-why\nanna,1,1\n": "one.csv:1: the column 't1-why' occurs twice; "
    "remove one of them",
    "student,t1-why\nanna,1.01\n": "one.csv:2: anna, t1-why: 1.01 points are out of range; "
    "write points from 0 to 1",
    "student,t2-proof\nanna,-1\n": "one.csv:2: anna, t2-proof: -1 points are out of range; "
    "write points from 0 to 2.5",
    "student,t1-why\nanna,good\n": "one.csv:2: anna, t1-why: 'good' is not a number; "
    "write points from 0 to 1, or nothing",
    "student,t1-why\nanna,nan\n": "one.csv:2: anna, t1-why: 'nan' is not a number; "
    "write points from 0 to 1, or nothing",
    "student,t1-why\nanna,=1\n": "one.csv:2: anna, t1-why: '=1' is not a number; "
    "write points from 0 to 1, or nothing",
    "student,t1-why\nanna,1,1\n": "one.csv:2: a cell without a column heading has content; "
    "remove it",
    "student,t1-why\nanna,1\n\nanna,\n": "one.csv:4: 'anna' occurs twice, first in line 2; "
    "put all points of a student into one line",
    "student,t1-why\n(out of),2\nanna,1\n": "one.csv:2: 't1-why' is worth 1 points, not 2; "
    "make a new sheet with --blank, or correct the line if the points were meant so",
    "name,t1-why\nanna,1\n": "one.csv:1: the column 'student' is missing; "
    "keep the first line that `autograder gradebook --blank` wrote",
    "": "one.csv: the column 'student' is missing; "
    "keep the first line that `autograder gradebook --blank` wrote",
    b"student,t1-why\nJ\xf6rg,1\n": 'one.csv: it is not UTF-8; save it as "CSV UTF-8"',
}


@pytest.mark.parametrize("text", MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_one_sentence_with_its_place(read, tmp_path, text):
    assert mistakes(read, tmp_path, text) == [MISTAKES[text]]


def test_all_mistakes_are_told_at_once(read, tmp_path):
    one = 'student,t1-why,t2-prof,notes\nanna,3,,"two\nlines"\nanton,1,,\nben,one,,\n'
    two = "student,t1-why\nanna,9\n"
    assert [line.partition(";")[0] for line in mistakes(read, tmp_path, one, two)] == [
        "one.csv:1: unknown item 't2-prof'",
        "one.csv:2: anna, t1-why: 3 points are out of range",
        "one.csv:4: unknown student 'anton'",
        "one.csv:5: ben, t1-why: 'one' is not a number",
        "two.csv:2: anna, t1-why: 9 points are out of range",
    ]


def test_points_that_two_sheets_give_are_a_mistake_with_both_places(read, tmp_path):
    one = "student,t1-why\nben,1\nanna,1\n"
    (told,) = mistakes(read, tmp_path, one, "student,t1-why\nanna,1\n")
    assert told == (
        "two.csv:2: anna, t1-why: has points twice, first in one.csv:3; clear one of the two cells"
    )


def test_a_file_that_is_not_there_is_told(assignment, results, tmp_path):
    with pytest.raises(SheetErrors, match=r"missing\.csv: it cannot be read \(No such file"):
        read_sheets(assignment, read_class(results), [tmp_path / "missing.csv"])


def test_ids_that_were_made_harmless_are_found_again(
    assignment, grade_by_hand, write_students, tmp_path
):
    folder = grade_by_hand("anna", {"t1-square": 2.0, "t1-row-sums": 1.0})
    write_students({"student": "=cmd|'/c calc'!A1", "name": "@x", "submission": "anna"})
    sheet = tmp_path / "sheet.csv"
    write_blank_sheet(assignment, read_class(folder), sheet)
    text = sheet.read_text(encoding="utf-8-sig")
    assert text.splitlines()[2] == "'=cmd|'/c calc'!A1,'@x,,,"
    sheet.write_text(text.replace(",'@x,,,", ",'@x,1,2,"))
    points = read_sheets(assignment, read_class(folder), [sheet])
    assert set(points) == {("=cmd|'/c calc'!A1", "t1-why"), ("=cmd|'/c calc'!A1", "t2-proof")}
