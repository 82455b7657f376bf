"""Points are filled into the platforms' own files, and nothing else in them changes."""

import pytest

from autograder.errors import UsageError
from autograder.gradebook import complete_rows, fill, rows_of, write_gradebook
from autograder.results.class_results import read_class

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Shapes of arrays (12),Other (13)\r\n"
    "    Points Possible,,,,,7.5,10\r\n"
    '"Arnold, Anna",1001,s1,anna,A,,9\r\n'
    '"Bauer, Ben",1002,s2,ben,"A, B",N/A,\r\n'
    '"Cole, Clara",1003,s3,clara,A,1,\r\n'
    '"Diaz, Dora",1004,s4,dora,A,EX,\r\n'
)
MOODLE = (
    "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Feedback\n"
    'Teilnehmer/in 1001,Anna Arnold,anna@x.edu,Abgegeben,,"7,50","""gut"""\n'
    'Teilnehmer/in 1002,Ben Bauer,ben@x.edu,Abgegeben,"1,00","7,50",\n'
    'Teilnehmer/in 1003,Clara Cole,clara@x.edu,-,,"7,50",\n'
)


@pytest.fixture
def rows(assignment, results):
    """Rows of a class whose points by hand are all known."""

    def rows():
        read = read_class(results)
        written = {
            (student.id, item.id): 1.0 for student in read.students
            for item in assignment.written_items
        }  # fmt: skip
        return rows_of(assignment, read, written)

    return rows


def numbered(write_students, platform, **more):
    """anna has 5.25 points, ben 4; those of clara and dora are open."""
    write_students(*(
        {"student": str(number), "name": name, "submission": name, "platform": platform, **more}
        for number, name in enumerate(("anna", "ben", "clara", "dora"), 1001)
    ))  # fmt: skip


def filled(tmp_path, rows, text, encoding="utf-8", named=None, canvas_id="sis"):
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    done = fill(path, complete_rows(rows), 7.5, "Shapes of arrays", named, canvas_id)
    return done, done.data.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_canvas_gets_its_own_file_back(tmp_path, rows, write_students, encoding):
    numbered(write_students, "canvas")
    text = CANVAS if encoding == "utf-8" else CANVAS.lstrip("\ufeff")
    done, after = filled(tmp_path, rows(), text, encoding)
    assert done.kind == "canvas" and done.notes == []
    assert after == text.replace("anna,A,,9", "anna,A,5.25,9").replace("N/A", "4")


def test_canvas_of_a_language_with_commas(tmp_path, rows, write_students):
    numbered(write_students, "canvas")
    text = CANVAS.replace(",", ";").replace("7.5", "7,50")
    _, after = filled(tmp_path, rows(), text)
    assert "anna;A;5,25;9" in after and "7,50" in after


@pytest.mark.parametrize(("canvas_id", "ids"), [("sis", "s"), ("login", "")])
def test_students_whom_no_platform_has_numbered_are_found_by_the_id_that_is_named(
    tmp_path, rows, write_students, canvas_id, ids
):
    names = ("anna", "ben", "clara", "dora")
    write_students(*(
        {"student": f"s{place}" if ids else name, "submission": name}
        for place, name in enumerate(names, 1)
    ))  # fmt: skip
    done, after = filled(tmp_path, rows(), CANVAS, canvas_id=canvas_id)
    assert "anna,A,5.25,9" in after and done.notes == []


def test_a_number_of_another_platform_finds_nobody(tmp_path, rows, write_students):
    numbered(write_students, "moodle")
    done, after = filled(tmp_path, rows(), CANVAS)
    assert after == CANVAS
    assert "not listed, so not filled in: 1001, 1002" in done.notes[0]


def test_who_is_excused_or_missing_is_told(tmp_path, rows, write_students):
    numbered(write_students, "canvas")
    text = CANVAS.replace("N/A", "EX").replace(",1001,", ",77,")
    done, after = filled(tmp_path, rows(), text)
    assert after == text
    assert "not filled in: 1001" in done.notes[0] and "excused, so left unchanged" in done.notes[1]


def test_moodle_gets_its_own_worksheet_back(tmp_path, rows, write_students):
    numbered(write_students, "moodle")
    done, after = filled(tmp_path, rows(), MOODLE)
    assert done.kind == "moodle" and done.notes == []
    expected = MOODLE.replace('Abgegeben,,"7,50","""gut"""', 'Abgegeben,"5,25","7,50","""gut"""')
    assert after == expected.replace('"1,00"', '"4"')


def test_moodle_finds_students_of_other_platforms_by_their_address_only(
    tmp_path, rows, write_students
):
    write_students(
        {"student": "x", "email": "ANNA@x.edu", "submission": "anna"},
        {"student": "1002", "email": "b@elsewhere", "submission": "ben"},  # typed by the student
        {"student": "c", "submission": "clara"},
        {"student": "d", "submission": "dora"},
    )
    done, after = filled(tmp_path, rows(), MOODLE)
    assert '"5,25"' in after and '"1,00"' in after
    assert done.notes == [f"{tmp_path / 'export.csv'}: not listed, so not filled in: 1002"]


def test_another_maximum_is_told(tmp_path, rows, write_students):
    numbered(write_students, "moodle")
    done, _ = filled(tmp_path, rows(), MOODLE.replace("7,50", "100,00"))
    assert "Moodle has 100 points for it, the assignment 7.5" in done.notes[0]


def test_two_rows_of_one_student_are_no_guess(tmp_path, rows, write_students):
    write_students(
        {"student": "anna@x.edu", "submission": "anna"},
        {"student": "b", "email": "anna@x.edu", "submission": "ben"},
        {"student": "c", "submission": "clara"},
        {"student": "d", "submission": "dora"},
    )
    with pytest.raises(UsageError, match="are the same student"):
        filled(tmp_path, rows(), MOODLE)


def test_any_other_file_is_refused(tmp_path, rows):
    with pytest.raises(UsageError, match="neither Canvas' gradebook nor Moodle's"):
        filled(tmp_path, rows(), "a,b\n1,2\n")


def test_no_file_for_moodle_is_made_of_numbers_that_its_import_does_not_know(
    tmp_path, assignment, rows, write_students
):
    numbered(write_students, "moodle")
    book = tmp_path / "book"
    book.mkdir()
    (book / "gradebook-moodle.csv").write_text("of an earlier call")
    files = write_gradebook(assignment, rows(), book, "HW", "sis")
    assert sorted(files) == ["canvas", "items", "problems"]
    assert not (book / "gradebook-moodle.csv").exists()
    files = write_gradebook(assignment, rows(), book, "HW", "sis", {"moodle": b"\xff own"})
    assert files["moodle"].read_bytes() == b"\xff own"
    assert files["moodle"].stat().st_mode & 0o777 == 0o600


def test_numbers_of_canvas_go_into_its_own_column(tmp_path, assignment, rows, write_students):
    numbered(write_students, "canvas")
    files = write_gradebook(assignment, rows(), tmp_path / "book", "HW", "sis")
    assert "anna,1001,,,,5.25" in files["canvas"].read_text()
