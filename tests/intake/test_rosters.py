"""What the platforms' own files settle: numbers in names, groups, teams, lateness; and what not."""

import pytest

from autograder.intake import count, find_hand_ins
from autograder.platforms import read_roster

MODULE = {"shapes/area.py": "x = 1"}
HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,Homework (9)\n    Points Possible,,,,,5\n"
BOOK = (
    HEADER + '"Lovelace, Ada",1001,,,A,\n"Hopper, Grace",1002,,,A,\n"Turing, Alan",1003,,,A,\n'
    '"x_1001",9999,,,A,\n'
)
GROUPS = (
    "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n"
    "Ada,1001,,,A,Team One,1,\nGrace,1002,,,A,Team One,1,\nAlan,1003,,,A,Team 2,2,\n"
)


@pytest.fixture
def owned(put, tmp_path):
    """Whose the files of a place are, with rosters; and the notes."""

    def owned(files, *rosters):
        paths = []
        for number, text in enumerate(rosters):
            paths.append(tmp_path / f"roster-{number}.csv")
            paths[-1].write_text(text)
        (tmp_path / "work").mkdir()
        intake = find_hand_ins([], [put(files)], tmp_path / "work", read_roster(paths, ["hw"]))
        return intake, {one.origin: [who.id for who in one.students] for one in intake.hand_ins}

    return owned


def zips(*names):
    return dict.fromkeys(names, MODULE)


@pytest.mark.parametrize(
    "name",
    ["lovelaceada_1001_5001_hw_10_12_final.zip", "lovelaceada_1001_5001_2026_11_30_hw.zip",
     "lovelaceada_LATE_1001_5001_hw_3_4_5.ipynb", "lovelaceada_1001_5001_hw_10_12.tar.gz"],
)  # fmt: skip
def test_a_date_in_the_name_of_a_file_is_settled_by_the_gradebook(owned, name):
    _, owners = owned(zips(name, "turingalan_1003_5003_hw.zip"), BOOK)
    assert owners[name] == ["1001"]


@pytest.mark.parametrize(
    "name",
    [
        "x_1001_9999_777_hw.zip",  # 9999 is in the class, and so is 1001
        "lovelaceada_1001_5001_9999_777_hw.zip",
        "x_9999_777_1001_5001_hw.zip",
        "lovelaceada_1001_5001_y_1002_777_hw.zip",
        "someoneelse_1001_5001_10_12_hw.zip",  # not her name
    ],
)
def test_two_students_of_the_class_are_never_guessed_between(owned, name):
    intake, owners = owned(zips(name, "turingalan_1003_5003_hw.zip"), BOOK)
    assert owners[name] == []
    assert "may have been submitted by" in "\n".join(intake.notes)


def test_the_gradebook_of_a_part_of_the_class_settles_nothing(owned):
    name = "lovelaceada_1001_5001_9999_777_hw.zip"
    part = HEADER + '"Lovelace, Ada",1001,,,A,\n'
    intake, owners = owned(zips(name, "turingalan_1003_5003_hw.zip"), part)
    assert owners[name] == []
    assert "does not list 1003" in "\n".join(intake.notes)


def test_a_group_of_canvas_is_all_its_members(owned):
    files = zips("teamone_1001_5001_hw.zip", "turingalan_1003_5003_hw.zip")
    intake, owners = owned(files, BOOK, GROUPS)
    assert owners == {
        "teamone_1001_5001_hw.zip": ["1001", "1002"],
        "turingalan_1003_5003_hw.zip": ["1003"],
    }
    counted, _ = count(intake)
    grace = next(one for one in counted if one.student.id == "1002")
    assert grace.group == ["1001", "1002"] and grace.student.name == "Hopper, Grace"
    assert next(one for one in counted if one.student.id == "9999").hand_in is None


@pytest.mark.parametrize("name", ["teamone_1003_5001_hw.zip", "team2_1001_5001_hw.zip"])
def test_the_name_of_a_group_that_the_student_is_not_in_gives_it_nothing(owned, name):
    _, owners = owned(zips(name, "hoppergrace_1002_5003_hw.zip"), BOOK, GROUPS)
    assert owners[name] == [name.split("_")[1]]


def test_a_name_that_is_not_the_students_is_asked_about(owned):
    intake, owners = owned(zips("teamone_1001_5001_hw.zip", "turingalan_1003_5003_hw.zip"), BOOK)
    assert owners["teamone_1001_5001_hw.zip"] == ["1001"]
    assert "give Canvas' export of groups with --roster" in "\n".join(intake.notes)


MOODLE = (
    "Identifier,Full name,Email address,Status,Group,Grade,Maximum grade\n"
    "Participant 501,Ada Lovelace,ada@x,-,Group A,,5\n"
    "Participant 502,Grace Hopper,grace@x,-,Group A,,5\n"
    "Participant 345,Alan Turing,alan@x,-,Group B,,5\n"
    "Participant 504,Emmy Noether,emmy@x,-,,,5\n"
)


@pytest.mark.parametrize(
    ("entry", "owners"),
    [
        ("Group A_77", ["501", "502"]),
        ("Group B_78", ["345"]),
        ("Ada Lovelace_501", ["501"]),
        ("Participant_502", ["502"]),
        ("Group A_345", []),  # the group's number, or a participant's
        ("Group A_501", []),
        ("Grace Hopper_501", []),
        ("Group C_79", []),
        ("Ada Lovelace_999", []),
    ],
)
def test_teams_of_moodle_are_told_by_its_worksheet(owned, entry, owners):
    folder = f"{entry}_assignsubmission_file_"
    intake, found = owned({f"{folder}/hw.zip": MODULE}, MOODLE)
    assert found == {folder: owners}
    if not owners:
        assert entry in "\n".join(intake.notes)
        assert intake.hand_ins[0].unclear


@pytest.mark.parametrize("name", ["Group A", "Gruppe 3", "team Rocket", "Équipe 1"])
def test_what_is_called_like_a_team_is_nobodys_without_the_worksheet(owned, name):
    folders = [f"{who}_assignsubmission_file_" for who in (f"{name}_345", "Ada Grouper_346")]
    intake, found = owned({f"{folder}/hw.zip": MODULE for folder in folders})
    assert found == {folders[0]: [], folders[1]: ["346"]}
    assert "give Moodle's grading worksheet" in "\n".join(intake.notes)


def test_groups_of_canvas_are_asked_for(owned):
    files = zips("projectgroup1_1001_5001_hw.zip", "turingalan_1003_5003_hw.zip")
    intake, owners = owned(files)
    assert owners["projectgroup1_1001_5001_hw.zip"] == ["1001"]
    [note] = intake.notes
    assert "projectgroup1_1001_5001_hw.zip: if groups submitted these" in note


def test_who_has_handed_in_nothing_is_known_from_the_worksheet(owned):
    intake, _ = owned({"Ada Lovelace_501_assignsubmission_file_/hw.zip": MODULE}, MOODLE)
    counted, _ = count(intake)
    assert {one.student.id for one in counted if one.hand_in is None} == {"502", "345", "504"}
    ada = next(one for one in counted if one.student.id == "501")
    assert ada.student.email == "ada@x"


def test_the_word_for_a_participant_of_any_language_is_no_name(owned):
    intake, _ = owned({
        f"Teilnehmer/in_{number}_assignsubmission_file_.zip".replace("/", "-"): MODULE
        for number in (5, 6, 7)
    })  # fmt: skip
    assert {one.students[0].name for one in intake.hand_ins} == {""}


def test_lateness_comes_from_gradescopes_scores(owned):
    metadata = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: N\n    :sid: {number}\n"
        f"    :email: s{number}@x\n"
        for number in (1, 2, 3)
    )
    files = {"submission_metadata.yml": metadata}
    files |= {f"submission_{number}/a.py": "" for number in (1, 2, 3)}
    scores = (
        "First Name,Email,Submission ID,Lateness (H:M:S)\nA,other@x,1,01:00:00\nB,S2@x,,00:00:00\n"
    )
    intake, _ = owned(files, scores)
    assert [one.late for one in intake.hand_ins] == [True, False, None]
