"""`roster.csv` says whose the plain folders of a class are: students, and whole pairs."""

import pytest

from autograder.errors import UsageError
from autograder.intake import count, find_hand_ins
from autograder.platforms import read_roster

MODULE = {"shapes/area.py": "x = 1"}
ROSTER = (
    "id,name,email,group\n"
    "aa123,Anna Arnold,anna@uni.example,g1\n"
    "bb456,Ben Bauer,ben@uni.example,g1\n"
    "cc789,Clara Cohen,clara@uni.example,\n"
    "dd012,Dora Dunn,dora@uni.example,g2\n"
    "ee345,Emil Ek,emil@uni.example,g2\n"
)


@pytest.fixture
def owned(put, tmp_path):
    """What is found in a place with archives of these names, and whose they are."""

    def owned(*names, roster=ROSTER):
        file = tmp_path / "roster.csv"
        file.write_text(roster)
        (tmp_path / "work").mkdir()
        place = put({f"{name}.zip": MODULE for name in names})
        intake = find_hand_ins([], [place], tmp_path / "work", read_roster([file]))
        return intake, {one.own_name: [who.id for who in one.students] for one in intake.hand_ins}

    return owned


@pytest.mark.parametrize(
    "name", ["aa123", "AA123", "anna@uni.example", "anna", "g1", "aa123_bb456", "bb456+aa123"]
)
def test_a_pair_is_known_by_its_name_and_by_each_member(owned, name):
    intake, owners = owned(name)
    assert sorted(owners[name]) == ["aa123", "bb456"]
    assert not intake.notes


def test_a_student_without_a_group_is_alone_and_those_who_are_missing_are_listed(owned):
    intake, owners = owned("cc789", "g1")
    assert owners == {"cc789": ["cc789"], "g1": ["aa123", "bb456"]}
    rows = {one.student.id: one for one in count(intake)[0]}
    assert rows["cc789"].student.name == "Clara Cohen"
    assert rows["aa123"].hand_in is rows["bb456"].hand_in
    assert rows["aa123"].group == ["aa123", "bb456"]
    assert rows["dd012"].hand_in is None and not rows["dd012"].student.why


@pytest.mark.parametrize(
    "name",
    [
        "zoe",
        "aa123_cc789",  # not of one group
        "aa123_dd012",
        "aa123_mallory",
        "g1_g2",
        "uni.example",
    ],
)
def test_a_name_that_means_no_student_and_no_group_stays_without_an_owner(owned, name):
    intake, owners = owned(name)
    assert owners[name] == []
    assert name in intake.hand_ins[0].unclear


def test_two_members_who_hand_in_separately_are_reported_and_keep_their_own(owned):
    intake, owners = owned("aa123", "bb456", "g2")
    assert owners == {"aa123": ["aa123"], "bb456": ["bb456"], "g2": ["dd012", "ee345"]}
    (note,) = intake.notes
    assert "members of the group g1 have handed in separately: aa123, bb456" in note


def test_an_address_of_two_students_names_neither(owned):
    roster = "id,email\naa,team@uni.example\nbb,team@uni.example\n"
    _, owners = owned("team", roster=roster)
    assert owners == {"team": []}


def test_the_columns_may_have_any_order_and_only_the_id_is_needed(owned):
    _, owners = owned("aa", roster="Group;ID\nx;aa\nx;bb\n")
    assert owners == {"aa": ["aa", "bb"]}


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("id,name\naa,Anna\nAA,Ben\n", "two students have the id 'AA'"),
        ("id,name\n,Anna\n", "a student has no id"),
        ("id,group\naa,bb\nbb,\n", "the group 'bb' has the name of a student's id"),
        ("id,surname\naa,Anna\n", "this kind of file is not supported"),
    ],
)
def test_a_list_with_mistakes_is_refused(owned, roster, words):
    with pytest.raises(UsageError, match=words):
        owned("aa", roster=roster)


def test_only_one_list_is_read(tmp_path):
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("id\naa\n")
    with pytest.raises(UsageError, match="a second list of the class"):
        read_roster([tmp_path / "one.csv", tmp_path / "two.csv"])


def test_without_a_roster_names_are_all_that_is_known(put, found):
    intake = found(put({"aa123.zip": MODULE}))
    assert [one.students for one in intake.hand_ins] == [()]
    assert intake.without == [] and intake.notes == []
