"""Every path in a place ends as a submission or as a line that says why not."""

import io
import os
import tarfile
import zipfile

import pytest

from autograder.intake import count
from autograder.submission import SubmissionError, Wanted, collect

MODULE = {"shapes/area.py": "x = 1"}
BOOK = Wanted(notebooks=("squares.ipynb",))


def owners(intake):
    return {one.submission.name: [who.id for who in one.students] for one in intake.hand_ins}


def contents(one):
    """The files of a hand-in, as they are graded."""
    one.fetch()
    path = one.submission.path
    found = {file.name: file.read_text() for file in path.rglob("*") if file.is_file()}
    one.drop()
    return found


def tarred(files):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return target.getvalue()


PLAIN = {
    "anna.ipynb": "{}",
    "ben.py": "x",
    "carl/squares.ipynb": "{}",
    "dora.zip": MODULE,
    "emil.rar": "Rar!",
    "fay.7z": "7z",
    "gus.ipynb": "{}",
    "gus.pdf": "%PDF",
    "hal.ipynb.json": "{}",
    "roster.csv": "a,b",
    "README": "",
}


def test_every_path_of_a_plain_place_is_graded_or_told(packed, found):
    intake = found(packed(PLAIN))
    names = [one.submission.name for one in intake.hand_ins]
    assert names == ["anna", "ben", "carl", "dora", "emil", "fay", "gus", "hal"]
    notes = "\n".join(intake.notes)
    for words in (
        "README is not a folder, archive", "roster.csv is not a folder, archive",
        "emil.rar is a RAR archive, which cannot be opened; ask emil for a zip",
        "fay.7z is a 7z archive, which cannot be opened; ask fay for a zip",
    ):  # fmt: skip
        assert words in notes
    assert len(intake.notes) == 4
    assert contents(intake.hand_ins[6]) == {"gus.ipynb": "{}", "gus.pdf": "%PDF"}


@pytest.mark.parametrize("name", ["anna.tar.gz", "anna.tgz", "anna.TAR.GZ", "anna.tar"])
def test_tar_archives_are_hand_ins(put, found, tmp_path, name):
    place = put({"ben.zip": MODULE})
    (place / name).write_bytes(tarred({"squares.ipynb": "{}"}))
    anna = found(place).hand_ins[0]
    assert anna.submission.name == "anna"
    assert collect(anna.submission, BOOK, tmp_path / "into").files == ("squares.ipynb",)


def test_a_class_may_be_a_tar_archive(found, tmp_path):
    place = tmp_path / "class.tar.gz"
    files = {"lovelaceada_1_5_squares.ipynb": "{}", "hopper_2_6_squares.ipynb": "[]"}
    place.write_bytes(tarred(files))
    intake = found(place)
    assert owners(intake) == {"lovelaceada_1_5": ["1"], "hopper_2_6": ["2"]}
    assert contents(intake.hand_ins[1]) == {"squares.ipynb": "[]"}


CANVAS = {
    "lovelaceada_1001_5001_squares.ipynb": "old",
    "lovelaceada_1001_5003_squares-1.ipynb": "new",
    "lovelaceada_LATE_1001_5004_helpers.py": "x",
    "hopper_1002_5005_hw.zip": MODULE,
    "hopper_1002_5006_report.pdf": "%PDF",
    "turing_1003_5007_hw.rar": "Rar!",
    "noether_1004_5008_one.zip": MODULE,
    "noether_1004_5009_two.zip": MODULE,
    "gauss_1005_text.html": "",
    "grades.csv": "",
    "lost.ipynb": "{}",
}


def test_loose_files_of_canvas_are_one_submission_of_their_student(packed, found):
    intake = found(packed(CANVAS))
    assert owners(intake) == {
        "lovelaceada_1001_5004": ["1001"],
        "hopper_1002_5006": ["1002"],
        "turing_1003_5007": ["1003"],
        "noether_1004_5008": ["1004"],
        "noether_1004_5009": ["1004"],
        "lost": [],
    }
    by_name = {one.submission.name: one for one in intake.hand_ins}
    ada = by_name["lovelaceada_1001_5004"]
    assert contents(ada) == {"squares-1.ipynb": "new", "helpers.py": "x"}
    assert ada.late is True and ada.sequence == 5004
    hopper = by_name["hopper_1002_5006"]
    hopper.fetch()
    assert sorted(os.listdir(hopper.submission.path)) == ["hw.zip", "report.pdf"]
    notes = "\n".join(intake.notes)
    for words in (
        "lovelaceada_1001_5001_squares.ipynb was ignored: lovelaceada_1001_5003_",
        "turing_1003_5007_hw.rar is a RAR archive, which cannot be opened; ask 1003 for a zip",
        "gauss_1005_text.html is a text or link", "grades.csv is not a folder, archive",
        "lost.ipynb has no name as Canvas writes it",
    ):  # fmt: skip
        assert words in notes


@pytest.mark.parametrize(
    ("names", "left"),
    [
        (["problem_4.ipynb", "problem_5.ipynb"], ["problem_4.ipynb", "problem_5.ipynb"]),
        (["lab-1.ipynb", "lab-2.ipynb"], ["lab-1.ipynb", "lab-2.ipynb"]),
        (["lab.ipynb", "lab-1.ipynb", "lab-2.ipynb"], ["lab-2.ipynb"]),
        (["lab.ipynb", "lab.py", "Lab-1.py"], ["Lab-1.py", "lab.ipynb"]),
        (["hw (1).ipynb", "hw (2).ipynb"], ["hw (1).ipynb", "hw (2).ipynb"]),
        (["a.ipynb", "a.ipynb"], ["a.ipynb"]),
    ],
)
def test_only_canvas_own_numbers_make_a_later_file_of_the_same_name(put, found, names, left):
    files = {f"ada_1_{number}_{name}": "{}" for number, name in enumerate(names, 5)}
    [one] = found(put({**files})).hand_ins
    assert sorted(contents(one)) == left


def test_a_package_and_a_notebook_of_one_student_are_collected_together(put, found, tmp_path):
    files = {"ada_1_5_hw.zip": MODULE, "ada_1_6_squares.ipynb": "{}"}
    [ada] = found(put(files)).hand_ins
    ada.fetch()
    wanted = Wanted(("shapes/",), ("squares.ipynb",))
    collected = collect(ada.submission, wanted, tmp_path / "into")
    assert collected.files == ("shapes/area.py", "squares.ipynb")


@pytest.mark.parametrize(
    "name",
    ["x_1001_9999_777_squares.ipynb", "lovelaceada_1001_5001_y_9999_777_squares.ipynb",
     "x_9999_777_1001_5001_helpers.py", "x_1001_5001_9999_777_hw.rar"],
)  # fmt: skip
def test_a_loose_file_that_can_be_read_twice_is_nobodys(put, found, name):
    others = {"lovelaceada_1001_5001_squares.ipynb": "{}", "turing_1002_5002_hw.zip": MODULE}
    intake = found(put({**others, name: "{}"}))
    [unclear] = [one for one in intake.hand_ins if one.unclear]
    assert unclear.students == () and "may have been submitted by" in unclear.unclear
    counted, _ = count(intake)
    assert [one.student.id for one in counted] == ["1001", "1002"]
    assert contents(next(one for one in intake.hand_ins if one.students)) == {"squares.ipynb": "{}"}


MOODLE = {
    "Ada Lovelace_5_assignsubmission_file_squares.ipynb": "{}",
    "Ada Lovelace_5_assignsubmission_file_helpers.py": "x",
    "Grace Hopper_6_assignsubmission_file_hw.rar": "Rar!",
    "Alan Turing_7_assignsubmission_onlinetext_.html": "",
    "Emmy Noether_8_assignsubmission_file_/squares.ipynb": "{}",
    "Carl Gauss_9_assignsubmission_file_/hw.7z": "7z",
    "x_9_y_5_assignsubmission_file_squares.ipynb": "{}",
    "index.html": "",
}


def test_loose_files_of_moodle_are_one_submission_of_their_student(packed, found):
    intake = found(packed(MOODLE))
    unclear = "x_9_y_5_assignsubmission_file_squares"
    assert owners(intake) == {
        "Ada Lovelace_5": ["5"], "Grace Hopper_6": ["6"], "Emmy Noether_8": ["8"],
        "Carl Gauss_9": ["9"], unclear: [],
    }  # fmt: skip
    by_name = {one.submission.name: one for one in intake.hand_ins}
    assert contents(by_name["Ada Lovelace_5"]) == {"squares.ipynb": "{}", "helpers.py": "x"}
    assert [(who.id, who.why) for who in intake.without] == [("7", "a text was submitted")]
    notes = "\n".join(intake.notes)
    for words in ("ask Grace Hopper for a zip", "ask Carl Gauss for a zip",
                  "index.html is not a folder", "more underscores or markers"):  # fmt: skip
        assert words in notes


@pytest.mark.parametrize("name", ["..", ".", "../../evil.py", ".ssh", "a/b.py"])
def test_the_name_of_a_loose_file_leads_nowhere(found, tmp_path, name):
    place = tmp_path / "class.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("ada_1_4_squares.ipynb", "{}")
        archive.writestr("hopper_2_5_squares.ipynb", "{}")
        archive.writestr(f"ada_1_6_{name}", "evil")
    intake = found(place)
    for one in intake.hand_ins:
        one.fetch()
    assert not [path for path in tmp_path.rglob("*") if path.name in ("evil.py", ".ssh")]
    assert {path.name for path in tmp_path.iterdir()} == {"class.zip", "workspace-1"}


@pytest.mark.parametrize("kind", ["link", "hard link", "pipe", "huge"])
def test_a_loose_file_that_is_no_file_of_the_student_is_not_read(put, found, tmp_path, kind):
    place = put({"ada_1_5_squares.ipynb": "{}", "hopper_2_7_squares.ipynb": "{}"})
    odd = place / "ada_1_6_helpers.py"
    (tmp_path / "secret").write_text("secret")
    if kind == "link":
        odd.symlink_to(tmp_path / "secret")
    elif kind == "hard link":
        os.link(tmp_path / "secret", odd)
    elif kind == "pipe":
        os.mkfifo(odd)
    else:
        with open(odd, "wb") as file:
            file.truncate(1 << 31)
    intake = found(place)
    ada = [one for one in intake.hand_ins if one.students[0].id == "1"]
    read = {}
    for one in ada:
        try:
            read |= contents(one)
        except OSError:
            assert kind == "link"
    assert "secret" not in read.values()
    assert read.get("squares.ipynb", "{}") == "{}"
    if kind == "link":  # it stands for a hand-in of its own, which says so
        assert "ada_1_6_helpers.py is a link" in "\n".join(intake.notes)
    else:
        assert "ada_1_6_helpers.py was ignored" in "\n".join(intake.all_notes)


def test_what_is_gathered_from_a_closed_archive_could_not_be_read(put, found, tmp_path):
    intake = found(put({"ada_1_5_hw.rar": "Rar!", "hopper_2_6_squares.ipynb": "{}"}))
    [ada] = [one for one in intake.hand_ins if one.students[0].id == "1"]
    ada.fetch()
    with pytest.raises(SubmissionError, match="RAR archive, which grading cannot open"):
        collect(ada.submission, BOOK, tmp_path / "into")


@pytest.mark.parametrize(
    ("files", "names"),
    [
        ({"anna.zip": MODULE, "anna.ipynb": "{}"}, {"anna": ["anna.ipynb", "anna.zip"]}),
        ({"anna.zip": MODULE, "anna.pdf": ""}, {"anna": ["anna.pdf", "anna.zip"]}),
        ({"anna.ipynb": "{}", "anna.rar": ""}, {"anna": ["anna.ipynb", "anna.rar"]}),
        ({"anna.zip": MODULE, "ben.ipynb": "{}"}, {"anna": None, "ben": None}),
        ({"anna.ipynb": "{}", "anna/squares.ipynb": "{}"}, {"anna": None, "anna-2": None}),
        (
            {"A B_5_assignsubmission_file_hw.zip": MODULE,
             "A B_5_assignsubmission_file_squares.ipynb": "{}",
             "A B_6_assignsubmission_file_hw.zip": MODULE},
            {"A B_5": ["hw.zip", "squares.ipynb"], "A B_6 hw": None},
        ),
        (
            {"A B_5_assignsubmission_file_one.zip": MODULE,
             "A B_5_assignsubmission_file_two.zip": MODULE},
            {"A B_5 one": None, "A B_5 two": None},
        ),
    ],
)  # fmt: skip
def test_an_archive_beside_files_of_the_same_student_is_a_part_of_them(put, found, files, names):
    intake = found(put(files))
    assert {one.submission.name for one in intake.hand_ins} == set(names)
    for one in intake.hand_ins:
        if (expected := names[one.submission.name]) is not None:
            one.fetch()
            assert sorted(os.listdir(one.submission.path)) == expected
    assert not [note for note in intake.all_notes if "ignored" in note]
