"""Whose a submission is: said by the metadata of an export, never guessed."""

import zipfile
from datetime import UTC, datetime

import pytest

from autograder.errors import UsageError
from autograder.intake import count

MODULE = {"shapes/area.py": "x = 1"}
TWO = {"submission_1/a.py": "", "submission_2/a.py": ""}
GRADESCOPE = {
    "submission_metadata.yml": """
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '00123'
    :email: ada@example.edu
  :created_at: 2026-10-01 12:00:00.500000000 Z
  :score: 1.0
  :results: !ruby/object:Something {}
submission_12:
  :submitters:
  - :name: Grace Hopper
    :sid: 7
    :email: grace@example.edu
  - :name: Alan Turing
    :sid:
    :email: alan@example.edu
  :created_at: 2026-10-02 12:00:00 +02:00
submission_13:
  :submitters:
  - :name: Nobody Known
    :sid:
    :email: ~
submission_14:
  :submitters: []
""",
    "submission_11/shapes/area.py": "",
    "submission_12/submission.zip": MODULE,
    "submission_13/shapes/area.py": "",
    "submission_15/shapes/area.py": "",
}


def shown(intake):
    """Names of submissions, and the ids of those who own them."""
    return {one.submission.name: [who.id for who in one.students] for one in intake.hand_ins}


def test_a_gradescope_export_names_its_students(packed, found):
    intake = found(packed(GRADESCOPE))
    assert shown(intake) == {
        "Ada Lovelace 11": ["00123"],
        "Grace Hopper, Alan Turing 12": ["7", "alan@example.edu"],
        "Nobody Known 13": [],
        "submission_15": [],
    }
    ada, group = intake.hand_ins[:2]
    assert ada.submitted_at == datetime(2026, 10, 1, 12, 0, 0, 500000, UTC)
    assert group.submitted_at == datetime(2026, 10, 2, 10, 0, tzinfo=UTC)
    notes = "\n".join(intake.notes)
    assert "submission_13: a submitter has neither" in notes
    assert "does not name submission_15" in notes
    assert "names submission_14, which is missing" in notes
    assert len(intake.notes) == 3


def test_the_one_zip_in_a_folder_is_what_was_handed_in(packed, found):
    intake = found(packed(GRADESCOPE))
    group = intake.hand_ins[1]
    group.fetch()
    with zipfile.ZipFile(group.submission.path) as archive:
        assert archive.namelist() == ["shapes/area.py"]


def test_two_people_with_one_number_are_two_people(put, found):
    metadata = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: 5\n"
        f"    :email: {name}@example.edu\n"
        for number, name in enumerate(("ada", "bob"), 1)
    )
    intake = found(put({"submission_metadata.yml": metadata, **TWO}))
    assert shown(intake) == {"ada 1": ["ada@example.edu"], "bob 2": ["bob@example.edu"]}


@pytest.mark.parametrize("text", ["a: [", "- a", "", "just text", "a: b: c", "\x00", "[" * 100_000])
def test_metadata_that_is_broken_is_told(put, found, text):
    with pytest.raises(UsageError, match=r"submission_metadata\.yml cannot be read"):
        found(put({"submission_metadata.yml": text, **TWO}))


def test_metadata_is_read_past_all_that_nobody_asks_for(put, found):
    metadata = """
submission_1:
  :history:
  - :who: &who {name: [&deep Ada]}
  - *who
  - :id: 1
    :submitters:
    - :name: somebody else
  ? [a, key, of, many]
  : {and: its value}
  :submitters:
  - :name: Ada
    :sid: 012
  :results: {tests: [{output: "submitters"}, *deep, [[]]]}
submission_2: 3
submission_3: [a, {b: c}]
submissions: {submitters: [{name: Eve, sid: 1}]}
"""
    files = {f"submission_{number}/a.py": "" for number in (1, 2, 3)}
    intake = found(put({"submission_metadata.yml": metadata, **files}))
    assert shown(intake) == {"Ada 1": ["012"], "submission_2": [], "submission_3": []}


CANVAS = {
    "lovelaceada_LATE_12_340_submission-1.zip": MODULE,
    "lovelaceada_12_339_submission.zip": MODULE,
    "hopper_13_341_9.zip": MODULE,
    "anon_aB3dE_342_submission.zip": MODULE,
    "turingalan_14_343_notes.pdf": "",
    "noether_15_text.html": "",
    "extra.zip": MODULE,
}


def test_a_canvas_export_names_its_students(packed, found):
    intake = found(packed(CANVAS))
    assert shown(intake) == {
        "lovelaceada_12_339": ["12"],
        "lovelaceada_12_340": ["12"],
        "hopper_13_341": ["13"],
        "anon_aB3dE_342": ["anon_aB3dE"],
        "turingalan_14_343": ["14"],
        "extra": [],
    }
    assert {one.submission.name: one.late for one in intake.hand_ins if one.late} == {
        "lovelaceada_12_340": True
    }
    assert [(student.id, student.why) for student in intake.without] == [
        ("15", "a text or link was submitted")
    ]
    notes = "\n".join(intake.notes)
    for words in ("extra.zip has no name as Canvas writes it", "noether_15_text.html"):
        assert words in notes


def test_the_later_file_of_canvas_counts_and_the_earlier_is_kept(put, found):
    counted, notes = count(found(put(CANVAS)))
    ada = next(one for one in counted if one.student.id == "12")
    assert ada.hand_in.submission.name == "lovelaceada_12_340"
    assert ada.superseded == ["lovelaceada_12_339"]
    assert notes == []
    emmy = next(one for one in counted if one.student.id == "15")
    assert emmy.hand_in is None


MOODLE = {
    "Ada Lovelace_12345_assignsubmission_file_/submission.zip": MODULE,
    "Alan Mathison Turing_12346_assignsubmission_file/shapes/area.py": "",
    "Grace Hopper_12347_assignsubmission_onlinetext/onlinetext.html": "",
    "Participant_12348_assignsubmission_file/submission.zip": MODULE,
    "Default team_assignsubmission_file/submission.zip": MODULE,
    "Emmy Noether_12349_assignsubmission_file/submission.zip": MODULE,
    "Emmy Noether_12349_assignsubmission_file/submission (1).zip": MODULE,
}


def test_a_moodle_export_names_its_students(packed, found):
    intake = found(packed(MOODLE))
    assert shown(intake) == {
        "Ada Lovelace_12345": ["12345"],
        "Alan Mathison Turing_12346": ["12346"],
        "Participant_12348": ["12348"],
        "Default team": [],
        "Emmy Noether_12349 submission": ["12349"],
        "Emmy Noether_12349 submission (1)": ["12349"],
    }
    by_name = {one.submission.name: one for one in intake.hand_ins}
    assert by_name["Ada Lovelace_12345"].students[0].name == "Ada Lovelace"
    assert by_name["Participant_12348"].students[0].name == ""
    assert [student.id for student in intake.without] == ["12347"]
    counted, notes = count(intake)
    emmy = next(one for one in counted if one.student.id == "12349")
    assert emmy.hand_in.submission.name == "Emmy Noether_12349 submission (1)"
    assert notes == []


def test_moodle_files_side_by_side(put, found):
    intake = found(put({"Ada Lovelace_5_assignsubmission_file_hw.zip": MODULE}))
    assert shown(intake) == {"Ada Lovelace_5 hw": ["5"]}


def test_plain_folders_and_zips_are_graded_and_owned_by_nobody(put, found):
    # One name that looks like Canvas's among others does not make an export of it.
    files = {"ada/shapes/area.py": "", "bob.zip": MODULE, "c_1_2_d.zip": MODULE, ".DS_Store": ""}
    assert shown(found(put(files | {"notes.txt": ""}))) == {"ada": [], "bob": [], "c_1_2_d": []}


def test_every_plain_folder_and_zip_is_taken_sorted(found, tmp_path):
    place = tmp_path / "class"
    for name in ("zoe", "__MACOSX", ".git", "anna", "dir.zip"):
        (place / name).mkdir(parents=True)
    for name in ("bob.zip", "grades.csv", ".hidden.zip", "._bob.zip", "notes.zip.txt"):
        (place / name).touch()
    (place / "lost.zip").symlink_to("nowhere")
    names = [one.submission.name for one in found(place, paths=["elsewhere/anna"]).hand_ins]
    assert names == ["anna", "anna-2", "bob", "dir.zip", "lost", "zoe"]


def test_where_nothing_tells_which_is_later_that_is_said(put, found):
    folder = "Ada Lovelace_5_assignsubmission_file"
    intake = found(put({f"{folder}/first.zip": MODULE, f"{folder}/second.zip": MODULE}))
    [ada], [note] = count(intake)
    assert "it is not known which is later" in note
    assert ada.hand_in.submission.name in note
    assert len(ada.superseded) == 1


def test_every_member_of_a_group_gets_what_the_group_gets(put, found):
    counted, _ = count(found(put(GRADESCOPE)))
    group = [one for one in counted if one.group]
    assert {one.student.id for one in group} == {"7", "alan@example.edu"}
    assert {one.hand_in.submission.name for one in group} == {"Grace Hopper, Alan Turing 12"}
    assert all(set(one.group) == {"7", "alan@example.edu"} for one in group)


def test_a_later_submission_with_another_partner_counts_for_that_partner_only(put, found):
    metadata = "".join(
        f"submission_{day}:\n  :submitters:\n  - :name: {one}\n    :sid: {one}\n"
        f"  - :name: {other}\n    :sid: {other}\n"
        f"  :created_at: 2026-10-0{day} 12:00:00 Z\n"
        for day, one, other in ((1, "ada", "bob"), (2, "bob", "eve"))
    )
    files = {"submission_metadata.yml": metadata, **TWO}
    counted, _ = count(found(put(files)))
    names = {one.student.id: one.hand_in.submission.name for one in counted}
    assert names == {"ada": "ada, bob 1", "bob": "bob, eve 2", "eve": "bob, eve 2"}
    assert next(one for one in counted if one.student.id == "bob").superseded == ["ada, bob 1"]


def test_a_zip_of_a_class_writes_nowhere_else(put, found, tmp_path):
    place = tmp_path / "evil.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("../outside.py", "")
        archive.writestr("ada/../../outside.py", "")
        archive.writestr("ada/shapes/area.py", "x")
        link = zipfile.ZipInfo("ada/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bob", "a file")
        archive.writestr("bob/shapes/area.py", "a folder of the same name")
    intake = found(place)
    for one in intake.hand_ins:
        one.fetch()
        assert one.submission.path.exists()
    assert not list(tmp_path.rglob("outside.py"))
    assert not [path for path in tmp_path.rglob("*") if path.is_symlink()]
    notes = "\n".join(intake.notes)
    assert notes.count("points outside") == 2 and "is a link" in notes
    for one in intake.hand_ins:
        one.drop()
        assert not one.submission.path.exists()


def test_names_do_not_change_when_more_is_handed_in(put, found):
    before = shown(found(put(CANVAS)))
    after = shown(found(put({"lovelaceada_12_900_submission-2.zip": MODULE})))
    assert before.items() <= after.items()


@pytest.mark.parametrize("name", ["nowhere", "notes.txt"])
def test_what_is_no_place_is_a_usage_error(put, found, name):
    with pytest.raises(UsageError, match=name):
        found(put({"notes.txt": ""}) / name)
