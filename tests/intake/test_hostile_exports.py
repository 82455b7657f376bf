"""Exports in which a name, a file's name or a file's content claims to be another student's."""

import os
import time
import zipfile
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.intake import HandIn, Intake, Submitter, count
from autograder.submission import Submission

MODULE = {"shapes/area.py": "x = 1"}


def owners(intake):
    """Names of submissions, and the ids of those who own them."""
    return {one.submission.name: [who.id for who in one.students] for one in intake.hand_ins}


def canvas(*names):
    return {name: MODULE if name.endswith(".zip") else "" for name in names}


@pytest.mark.parametrize(
    "name",
    [
        "x_1001_9999_777_hw.zip",  # "X_1001"
        "x_1001_5001_9999_777_hw.zip",  # "X_1001-_5001-": Canvas takes the dashes out afterwards
        "_1001_9999_777_hw.zip",  # "__1001__"
        "lovelaceada_1001_5001_y_9999_777_hw.zip",
        "x_late_1001_9999_777_hw.zip",
        "x_1001_5001_LATE_9999_777_hw.zip",
        "anon_ab3de_1001_9999_777_hw.zip",
        "x_9999_777_1001_5001_hw.zip",  # hands in "1001_5001_hw.zip"
    ],
)
def test_a_name_that_can_be_read_twice_is_nobodys(put, found, name):
    intake = found(put(canvas("lovelaceada_1001_5001_hw.zip", "turing_1002_5002_hw.zip", name)))
    [unclear] = [one for one in intake.hand_ins if one.unclear]
    assert unclear.students == () and "may have been submitted by" in unclear.unclear
    assert unclear.submission.path.name == name
    assert owners(intake)["lovelaceada_1001_5001"] == ["1001"]
    counted, _ = count(intake)
    assert [one.student.id for one in counted] == ["1001", "1002"]


@pytest.mark.parametrize(
    ("name", "user", "late"),
    [
        ("ada_12_339_HW_1_2_final.zip", "12", False),  # no name on Canvas has capital letters
        ("ada_LATE_12_339_hw.zip", "12", True),
        ("ada_12_339_LATE_hw.zip", "12", False),
        ("x_5_5_5_hw.zip", "5", False),  # in every way the same user
        ("ada_late_12_339_hw.zip", "12", True),  # Canvas of old
        ("ada_12_339_hw_1.zip", "12", False),
        ("अदिति_12_339_hw.zip", "12", False),
        ("nguye\u0302\u0303n_12_339_hw.zip", "12", False),
        ("_12_339_hw.zip", "12", False),  # a name without any letter
        ("ada_12_339_hw_10_01_final.zip", "12", False),  # no id begins with 0
    ],
)
def test_a_name_that_can_be_read_once_is_read(put, found, name, user, late):
    [one] = found(put(canvas(name))).hand_ins
    assert [who.id for who in one.students] == [user]
    assert one.late is late and not one.unclear


def test_digits_of_other_scripts_are_no_numbers(put, found):
    intake = found(put(canvas("x_١٢_٣٣_hw.zip", "ada_12_339_hw.zip", "bob_13_340_hw.zip")))
    assert owners(intake) == {"ada_12_339": ["12"], "bob_13_340": ["13"], "x_١٢_٣٣_hw": []}


def test_a_mark_of_late_in_small_letters_counts_only_where_all_have_it_so(put, found):
    intake = found(put(canvas("ada_late_12_339_a.zip", "bob_LATE_13_340_a.zip")))
    assert {one.students[0].name: one.late for one in intake.hand_ins} == {
        "ada_late": False,
        "bob": True,
    }


def test_a_students_file_unmarks_nobody(put, found):
    intake = found(put(canvas("ada_late_12_339_a.zip", "bob_13_340_LATE_a.zip")))
    assert [one.late for one in intake.hand_ins] == [True, False]


def test_an_anonymous_export_is_read_as_such(put, found):
    names = ("anon_ab3de_341_1001_hw.zip", "LATE_anon_xY7zz_342_hw.zip", "late_anon_xyz12_7_hw.zip")
    assert owners(found(put(canvas(*names)))) == {
        "anon_ab3de_341": ["anon_ab3de"],
        "anon_xY7zz_342": ["anon_xY7zz"],
        "anon_xyz12_7": ["anon_xyz12"],
    }


def test_in_an_export_with_names_nobody_is_called_anonymous(put, found):
    # Signed up as "Anon_ab3de": Canvas's number follows.
    intake = found(put(canvas("anon_ab3de_9999_777_hw.zip", "ada_12_339_hw.zip")))
    assert owners(intake)["anon_ab3de_9999_777"] == ["9999"]


@pytest.mark.parametrize(
    "name",
    [
        "Eve_1001_assignsubmission_file_x_9999_assignsubmission_file",
        "Eve_1001_assignsubmission_file__9999_assignsubmission_file_",
        "Eve_1001_9999_assignsubmission_file",
        "Team_1001_assignsubmission_file_9999_assignsubmission_file_",
        "_1001_assignsubmission_file",
    ],
)
def test_a_name_on_moodle_with_more_in_it_is_nobodys(put, found, name):
    intake = found(put({
        "Ada_1001_assignsubmission_file/hw.zip": MODULE,
        "Bob_1002_assignsubmission_file/hw.zip": MODULE,
        f"{name}/hw.zip": MODULE,
    }))  # fmt: skip
    [unclear] = [one for one in intake.hand_ins if one.unclear]
    assert unclear.students == () and "owner is unknown" in unclear.unclear
    assert owners(intake)["Ada_1001"] == ["1001"]
    assert [one.student.id for one in count(intake)[0]] == ["1001", "1002"]


def test_what_a_students_file_is_called_says_nothing(put, found):
    intake = found(put({
        "Eve_9999_assignsubmission_file/Ada_1001_assignsubmission_file_hw.zip": MODULE,
        "Eve_9999_assignsubmission_file/ada_1001_5001_hw.zip": MODULE,
        "Ada_1001_assignsubmission_file/hw.zip": MODULE,
    }))  # fmt: skip
    assert {tuple(ids) for ids in owners(intake).values()} == {("9999",), ("1001",)}
    flat = found(put({
        "Eve_9999_assignsubmission_file_Ada_1001_assignsubmission_file_hw.zip": MODULE,
        "Ada_1001_assignsubmission_file_hw.zip": MODULE,
    }, "flat"))  # fmt: skip
    assert owners(flat)["Ada_1001 hw"] == ["1001"]
    assert sum(bool(one.unclear) for one in flat.hand_ins) == 1


def gradescope(number=1, name="Ada", sid="1", email="ada@x"):
    return (
        f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: '{sid}'\n"
        f"    :email: {email}\n"
    )


def with_metadata(text, *more):
    return {"submission_metadata.yml": text, "submission_1/a.py": "", **dict.fromkeys(more, "")}


LAUGHS = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS + gradescope(),
        LAUGHS.replace("a: &a", "submission_2: {submitters: &a [x]}\na: &z") + gradescope(),
        "submission_1: {submitters: &s [{sid: 1}]}\nsubmission_2: {submitters: *s}\n",
        "submission_1: &one {submitters: [{sid: 1}]}\nsubmission_2: *one\n",
        "submission_1: {submitters: [{<<: {sid: 1}}]}\n",
        "submission_1: {<<: {submitters: [{sid: 1}]}}\n",
        "? &key submission_1\n: {submitters: [{sid: 1}]}\n",
        gradescope() + gradescope(sid="2"),
        "submission_1: {submitters: [{sid: 1}], ':submitters': [{sid: 2}]}\n",
        "submission_1: {submitters: [{sid: 1, sid: 2}]}\n",
        "submission_1: {submitters: " + "[" * 500 + "]" * 500 + "}\n",
        "submission_1: {results: " + "[" * 500 + "]" * 500 + "}\n",
        "submission_1: {submitters: [{name: " + "x" * 5000 + "}]}\n",
        "submission_1: {submitters: [" + "{sid: 1}, " * 5000 + "]}\n",
        "[" * 3_000_000,
        "{" * 300_000,
        "- " * 300_000,
        "submission_1: {\x00}",
        "submission_1: !!python/object/apply:os.system [exit",
    ],
)
def test_metadata_that_could_be_read_otherwise_is_refused_at_once(put, found, text):
    begun = time.process_time()
    with pytest.raises(UsageError, match=r"submission_metadata\.yml cannot be read") as refusal:
        found(put(with_metadata(text)))
    assert len(str(refusal.value)) < 400 and "\n" not in str(refusal.value)
    assert time.process_time() - begun < 60  # hours without bounds


def test_tags_are_text_and_make_nothing(put, found):
    text = gradescope().replace("'1'", "!!python/object/apply:os.getpid '1'")
    assert owners(found(put(with_metadata(text)))) == {"Ada 1": ["1"]}


def test_a_mapping_where_a_number_belongs_is_no_number(put, found):
    text = gradescope(email="").replace("'1'", "{a: b}")
    [one] = found(put(with_metadata(text))).hand_ins
    assert one.students == () and one.unclear


def test_metadata_in_another_encoding_is_read_or_refused(put, found):
    place = put(with_metadata(""))
    (place / "submission_metadata.yml").write_bytes(gradescope().encode("utf-16"))
    assert owners(found(place)) == {"Ada 1": ["1"]}
    (place / "submission_metadata.yml").write_bytes(gradescope(name="Jos\xe9").encode("latin-1"))
    with pytest.raises(UsageError, match="cannot be read"):
        found(place)


@pytest.mark.parametrize("kind", ["link", "pipe", "device", "huge"])
def test_metadata_that_is_no_plain_file_is_refused(put, found, tmp_path, kind):
    place = put({"submission_1/a.py": ""})
    file = place / "submission_metadata.yml"
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "huge":
        with open(file, "wb") as opened:
            opened.truncate(1 << 40)
    else:
        (tmp_path / "elsewhere.yml").write_text(gradescope())
        file.symlink_to("/dev/zero" if kind == "device" else tmp_path / "elsewhere.yml")
    # A link is a hand-in of an odd name to whoever lists the place; none is read.
    with pytest.raises(UsageError, match=r"submission_metadata\.yml (is|cannot)"):
        found(place)


def test_a_folder_of_that_name_is_a_hand_in(put, found):
    assert owners(found(put({"submission_metadata.yml/a.py": "", "submission_1/a.py": ""}))) == {
        "submission_1": [],
        "submission_metadata.yml": [],
    }


def test_metadata_beside_folders_of_other_names_is_not_read(put, found):
    intake = found(put(with_metadata(LAUGHS + gradescope(), "ada/a.py", "bob/a.py")))
    assert owners(intake) == {"ada": [], "bob": [], "submission_1": []}
    assert "was not read" in "\n".join(intake.notes)


def test_metadata_twice_in_a_zip_is_refused(found, tmp_path):
    place = tmp_path / "class.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("submission_1/a.py", "")
        archive.writestr("submission_metadata.yml", gradescope())
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("submission_metadata.yml", gradescope(sid="2"))
    with pytest.raises(UsageError, match="more than once"):
        found(place)


@pytest.mark.parametrize("inside", ["eve", "submission_1", "Class ", "class.zip", "classes"])
def test_an_export_in_the_only_hand_in_is_content(put, found, tmp_path, inside):
    files = {f"{inside}/{name}": text for name, text in with_metadata(gradescope()).items()}
    place = put(files)
    zipped = tmp_path / "class.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    for where in (place, zipped):
        intake = found(where)
        assert [one.students for one in intake.hand_ins] == [()]
        assert "graded as one submission" in "\n".join(intake.notes)


def test_a_folder_of_the_places_own_name_is_a_hand_in_too(put, found):
    intake = found(put({f"class/{name}": text for name, text in with_metadata("").items()}))
    assert [one.submission.name for one in intake.hand_ins] == ["class"]


def test_a_browsers_copy_of_an_export_is_read(put, found, tmp_path):
    place = tmp_path / "assignment_77_export (1).zip"
    with zipfile.ZipFile(place, "w") as archive:
        for name, text in with_metadata(gradescope()).items():
            archive.writestr(f"assignment_77_export/{name}", text)
    assert owners(found(place)) == {"Ada 1": ["1"]}


def test_zip_entries_that_are_one_to_other_systems_stay_apart(found, tmp_path):
    place = tmp_path / "class.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for name in ("Anna", "anna", "Jos\u00e9", "Jose\u0301"):
            archive.writestr(f"{name}/shapes/area.py", name)
    intake = found(place)
    for one in intake.hand_ins:
        one.fetch()
    homes = [str(one.submission.path.parent) for one in intake.hand_ins]
    assert len(set(homes)) == 4
    assert [(one.submission.path / "shapes/area.py").read_text() for one in intake.hand_ins] == [
        "Anna", "Jose\u0301", "Jos\u00e9", "anna",
    ]  # fmt: skip


def test_zip_entries_of_harmful_names_are_left_out_and_said(found, tmp_path):
    place = tmp_path / "class.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("ada/shapes/area.py", "")
        for name in ("/etc/x.zip", "C:/x.zip", "eve/../../ada/x.py", "\x1b[2J.zip", "..\\x.zip"):
            archive.writestr(zipfile.ZipInfo(name), "x")
        link = zipfile.ZipInfo("eve.zip")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "ada")
    intake = found(place)
    for one in intake.hand_ins:
        one.fetch()
    assert {one.submission.name: one.submission.path.exists() for one in intake.hand_ins} == {
        "ada": True,
        "etc": True,  # below the place, as `unzip` has it
        "x": True,
        "eve": False,
    }
    assert len(intake.notes) == 4
    assert all(note.isprintable() for note in intake.notes)


def test_a_folder_with_very_many_files_is_looked_at_and_no_more(put, found):
    place = put({"ada/shapes/area.py": ""})
    for number in range(30_000):
        (place / "ada" / f"f{number}").touch()
    deep = place / "eve"
    for _ in range(200):
        deep = deep / "d"
    deep.mkdir(parents=True)
    assert set(owners(found(place))) == {"ada", "eve"}


def test_what_is_named_twice_is_graded_once(put, found):
    place = put({"ada/shapes/area.py": "", "bob.zip": MODULE})
    intake = found(place, place, paths=[place / "ada", Path(f"{place}/../class/bob.zip")])
    assert [one.submission.name for one in intake.hand_ins] == ["ada", "bob"]
    assert len(intake.notes) == 4


@pytest.mark.parametrize("turned", [False, True])
def test_a_name_that_another_one_would_get_is_not_given_away(put, found, turned):
    first = put({"anna/a.py": "", "anna-2/a.py": ""}, "first")
    second = put({"anna/a.py": "", "ANNA.zip": MODULE, "anna\u200b/a.py": ""}, "second")
    intake = found(*((second, first) if turned else (first, second)))
    names = {one.submission.name for one in intake.hand_ins}
    assert len({name.casefold() for name in names}) == 5
    taken = {one.submission.path.parent.name + "/" + one.submission.path.name
             for one in intake.hand_ins if one.submission.name == "anna-2"}  # fmt: skip
    assert taken == {"first/anna-2"}


def test_names_of_gradescope_made_to_be_alike_stay_apart(put, found):
    text = gradescope(1, "Ada 1") + gradescope(11, "Ada", "2", "eve@x")
    files = with_metadata(text, "submission_11/a.py")
    files |= {"submission_1/1 1.zip": MODULE, "submission_1/x.zip": MODULE}
    del files["submission_1/a.py"]
    intake = found(put(files))
    assert len(owners(intake)) == 3


def test_a_number_that_two_addresses_have_is_nobodys(put, found):
    def handed_in(name, number, email):
        return HandIn(
            Submission(name, Path()), (Submitter(number, name, email),), sequence=len(name)
        )

    intake = Intake([
        handed_in("ada", "5", "ada@x"), handed_in("mallory", "5", "eve@x"),
        handed_in("bob", "6", "bob@x"), handed_in("bob again", "6", "Bob@x"),
    ])  # fmt: skip
    counted, notes = count(intake)
    assert {one.student.id: one.hand_in.submission.name for one in counted} == {
        "ada@x": "ada",
        "eve@x": "mallory",
        "6": "bob again",
    }
    assert len(notes) == 1 and "same number 5" in notes[0]
