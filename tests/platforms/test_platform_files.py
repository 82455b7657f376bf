"""The files of Canvas, Moodle and Gradescope: read in all forms, and written back as they were."""

import pytest

from autograder.errors import UsageError
from autograder.platforms import CanvasGradebook, CsvFile, MoodleWorksheet, read_roster, squashed
from autograder.platforms.csv_file import decimal

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (12345),Homework 2 (12346)\r\n"
    "    Points Possible,,,,,6,10\r\n"
    '"Lovelace, Ada",1001,s1,ada,A,,9\r\n'
    '"Hopper, Grace",1002,s2,grace,"A and B",EX,\r\n'
    '"Student, Test",1099,,,A,,\r\n'
)
CANVAS_NAMES = (
    "\ufeffLastName;FirstName;ID;SIS User ID;SIS Login ID;Integration ID;Root Account;Section;"
    "Homework 1 (12345);Current Score\n"
    ";;;;;;;;Manual Posting;\n"
    "    Points Possible;;;;;;;;6,00;(read only)\n"
    "Lovelace;Ada;1001;s1;ada;;canvas.example.edu;A;N/A;10\n"
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (grade),Feedback comments\n"
    'Participant 501,Ada Lovelace,ada@example.edu,"Submitted for grading",,100.00,Yes,-,\n'
    'Participant 502,Grace Hopper,grace@example.edu,"No submission",,100.00,Yes,-,\n'
)
MOODLE_GERMAN = (
    "ID,Vollständiger Name,E-Mail-Adresse,Status,Gruppe,Bewertung,Bestwertung,Veränderbar\n"
    'Teilnehmer/in 501,Ada Lovelace,ada@example.edu,Abgegeben,Team A,,"100,00",Ja\n'
    'Teilnehmer/in 502,Grace Hopper,grace@example.edu,Abgegeben,Team A,"3,50","100,00",Ja\n'
    'Teilnehmer/in 503,Alan Turing,alan@example.edu,-,Team B,,"100,00",Ja\n'
)
MOODLE_BLIND = (
    "Identifier,Status,Grade,Maximum grade\n"
    "Participant 501,Submitted,-,6.00\nParticipant 7,-,,6.00\n"
)


@pytest.fixture
def written(tmp_path):
    def written(text, encoding="utf-8", name="file.csv"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return tmp_path / name

    return written


@pytest.mark.parametrize(
    "text",
    [CANVAS, CANVAS_NAMES, MOODLE, MOODLE_GERMAN, "a,b\n", "a,b", 'a,"b\r\nc"\r\n\r\nd',
     "a\tb\r\n1\t2",
     'x;"y ""z"" ; ,"\n', "", "\n\n", ' "a" ,b\n', "a,b\rc,d\r", 'q,w"e,r\n'],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_that_nobody_changes_stays_as_it_is(written, text, encoding):
    path = written(text, encoding)
    assert CsvFile(path).data() == path.read_bytes()


def test_bytes_of_another_encoding_stay_what_they_are(written):
    path = written("Name,Note\nJos\xe9,1\n".encode("latin-1"))
    file = CsvFile(path)
    file.set(1, 1, "2")
    assert file.data() == "Name,Note\nJos\xe9,2\n".encode("latin-1")


def test_a_cell_that_is_set_is_quoted_where_it_must_be(written):
    file = CsvFile(written('a;b;c\n1;"2";3\n'))
    for column, text in enumerate(("x;y", "z", 'say "w"')):
        file.set(1, column, text)
    assert file.data() == b'a;b;c\n"x;y";"z";"say ""w"""\n'


@pytest.mark.parametrize("text", ['a,"b\n', 'a,"b"c,d\n'])
def test_a_file_that_is_no_csv_is_told(written, text):
    with pytest.raises(UsageError, match="not valid CSV"):
        CsvFile(written(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [("6", 6), ("6,00", 6), ("6.50", 6.5), ("1.000,50", 1000.5), ("1,000.50", 1000.5), ("-1", -1),
     ("1.000.000", 1000000), ("N/A", None), ("", None), ("EX", None), ("12:30", None),
     ("1\xa0000,5", 1000.5)],
)  # fmt: skip
def test_numbers_are_read_whatever_their_decimal_sign(text, value):
    assert decimal(text) == value


@pytest.mark.parametrize(("text", "commas"), [(CANVAS, False), (CANVAS_NAMES, True)])
@pytest.mark.parametrize("name", ["Homework 1", "Homework 1 (12345)", "homework 1"])
def test_a_gradebook_of_canvas(written, text, commas, name):
    book = CanvasGradebook(CsvFile(written(text)))
    column = book.column(name)
    assert book.file.header[column] == "Homework 1 (12345)"
    assert (book.possible(column), book.has_commas(column)) == (6, commas)
    ada = book.students[0]
    assert (ada.id, ada.sis, ada.login, ada.name) == ("1001", "s1", "ada", "Lovelace, Ada")
    assert squashed(ada.name) == "lovelaceada"


def test_a_column_that_is_not_there_is_told_with_those_that_are(written):
    with pytest.raises(UsageError, match=r"'Quiz'.*Homework 1 \(12345\), Homework 2 \(12346\)"):
        CanvasGradebook(CsvFile(written(CANVAS))).column("Quiz")


@pytest.mark.parametrize(
    ("text", "heading", "commas", "possible"),
    [(MOODLE, "Grade", False, 100), (MOODLE_GERMAN, "Bewertung", True, 100),
     (MOODLE_BLIND, "Grade", False, 6)],
)  # fmt: skip
def test_a_worksheet_of_moodle(written, text, heading, commas, possible):
    sheet = MoodleWorksheet(CsvFile(written(text)))
    column = sheet.grade_column(None)
    assert sheet.file.header[column] == heading
    assert (sheet.possible(), sheet.has_commas(column)) == (possible, commas)
    assert sheet.students[0].number == "501"
    assert sheet.students[0].name == ("" if text == MOODLE_BLIND else "Ada Lovelace")
    assert sheet.students[0].email == ("" if text == MOODLE_BLIND else "ada@example.edu")


def test_a_roster_puts_files_together(written):
    groups = "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n"
    groups += "Ada,1001,s1,ada,A,Team É-1,7,\nGrace,1002,s2,grace,A,Team É-1,7,\nX,1003,,,A,,,\n"
    scores = (
        "First Name,Last Name,SID,Email,section_name,Total Score,Submission ID,Lateness (H:M:S)\n"
    )
    scores += "Ada,L,1,Ada@x,A,5,77,00:00:00\nGrace,H,2,grace@x,A,5,78,01:02:03\nB,C,3,b@x,A,,,\n"
    texts = [CANVAS, MOODLE_GERMAN, groups, scores]
    roster = read_roster([written(text, name=f"{number}.csv") for number, text in enumerate(texts)])
    assert sorted(roster.canvas) == ["1001", "1002", "1099"]
    assert roster.canvas_groups == {"teamé1": ("1001", "1002")}
    assert roster.moodle_group("Team A") == ("501", "502")
    assert roster.late == {
        "Submission ID:77": False, "SID:1": False, "Email:ada@x": False,
        "Submission ID:78": True, "SID:2": True, "Email:grace@x": True,
    }  # fmt: skip


def test_the_lateness_of_a_course_is_read_for_this_assignment(written):
    text = (
        "First Name,Email,HW1,HW1 - Lateness (H:M:S),HW2,HW2 - Lateness (H:M:S)\n"
        "Ada,ada@x,5,00:00:00,5,00:10:00\n"
    )
    assert read_roster([written(text)], ["hw2"]).late == {"Email:ada@x": True}
    with pytest.raises(UsageError, match="HW1, HW2"):
        read_roster([written(text)], ["Quiz"])


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "", "Student,Section\n", "x\n", "a,b,c\nAda,1,2\n"])
def test_any_other_file_is_refused(written, text):
    with pytest.raises(UsageError, match="kind of file is not supported"):
        read_roster([written(text)])
