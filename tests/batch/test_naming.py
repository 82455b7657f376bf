"""Names in a results folder: given once, to one hand-in, for good."""

import json
import shutil

import pytest

from autograder.batch.naming import with_kept_names
from autograder.batch.owners import Owners
from autograder.batch.students import rows_of, students_document
from autograder.errors import UsageError
from autograder.intake import HandIn, Submitter
from autograder.results.class_results import read_class
from autograder.results.gradings import Gradings, HandInRow
from autograder.submission import Submission


class Folder:
    """A results folder, in which names are kept."""

    def __init__(self, tmp_path):
        self.path, self.results = tmp_path, tmp_path / "results"

    def make(self, *paths):
        """Hand-ins that lie there; `place/name`."""
        for path in paths:
            (self.path / path).mkdir(parents=True, exist_ok=True)
        return [self.there(path) for path in paths]

    def there(self, path):
        place, _, name = path.rpartition("/")
        place = str(self.path / place)
        return HandIn(Submission("", self.path / path), own_name=name, origin=name, place=place)

    def named(self, *hand_ins):
        """Give names in one run of the command, and keep them."""
        gradings = Gradings(self.results, "tiny")
        found = with_kept_names(hand_ins, gradings.hand_ins(), gradings.names())
        gradings.put_hand_ins(rows_of(found.hand_ins))
        gradings.close()
        names = [one.submission.name for one in found.hand_ins]
        assert len({name.casefold() for name in names}) == len(names)
        return names


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def test_what_comes_later_takes_no_name(folder):
    [anna] = folder.make("b/anna")
    assert folder.named(anna) == ["anna"]
    other, upper, chosen = folder.make("a/anna", "a/Anna", "a/anna-2")
    assert folder.named(other, anna, upper, chosen) == ["anna-4", "anna", "Anna-3", "anna-2"]
    assert folder.named(chosen, upper, anna, other) == ["anna-2", "Anna-3", "anna", "anna-4"]
    assert folder.named(other) == ["anna-4"]
    shutil.rmtree(folder.path / "b/anna")
    assert folder.named(upper) == ["Anna-3"]


def test_a_name_that_was_given_with_a_number_stays_with_whom_it_was_given(folder):
    first, second = folder.make("a/anna", "b/anna")
    assert folder.named(first, second) == ["anna", "anna-2"]
    [chosen] = folder.make("a/anna-2")
    assert folder.named(chosen, second, first) == ["anna-2-2", "anna-2", "anna"]


@pytest.mark.parametrize("pair", [("anna", "ANNA"), ("Jos\u00e9", "Jose\u0301"),
                                  ("a:b", "a?b"), ("x" * 200, "x" * 201)])  # fmt: skip
def test_names_that_become_one_stay_two(folder, pair):
    one, other = (folder.there(f"a/{name}") for name in pair)
    [name] = folder.named(other)
    assert folder.named(one, other)[1] == name
    assert folder.named(one, other) == folder.named(one, other)


def test_a_place_that_was_moved_keeps_its_names(folder):
    one, two = folder.make("a/anna", "a/bob")
    assert folder.named(one, two) == ["anna", "bob"]
    (folder.path / "a").rename(folder.path / "b")
    assert folder.named(folder.there("b/bob"), folder.there("b/anna")) == ["bob", "anna"]


def test_of_two_places_that_may_be_the_moved_one_none_is(folder):
    [one] = folder.make("a/anna")
    folder.named(one)
    (folder.path / "a").rename(folder.path / "b")
    [other] = folder.make("c/anna")
    assert "anna" not in folder.named(folder.there("b/anna"), other)


def test_a_folder_called_like_an_entry_of_an_export_is_not_that(folder):
    on_canvas = HandIn(Submission("", folder.path), own_name="ada_1_2", origin="ada_1_2_hw.zip",
                       place="canvas")  # fmt: skip
    assert folder.named(on_canvas) == ["ada_1_2"]
    [forged] = folder.make("late/ada_1_2_hw.zip")
    [plain] = folder.make("late/ada_1_2")
    assert folder.named(forged, plain) == ["ada_1_2_hw.zip", "ada_1_2-2"]
    assert folder.named(on_canvas) == ["ada_1_2"]


def test_a_folder_of_an_older_version_keeps_its_names(folder):
    gradings = Gradings(folder.results, "tiny")
    gradings.put_hand_ins([HandInRow("anna", (), "", None, None)])
    gradings.close()
    one, other = folder.make("a/anna", "b/anna")
    assert folder.named(one, other) == ["anna", "anna-2"]


def test_names_that_no_utf8_holds_are_kept(folder):
    odd = folder.there("a/caf\udce9")
    assert folder.named(odd) == folder.named(odd)


def row(name, why="it can be read twice"):
    return HandInRow(name, (), "", None, None, why)


def test_a_person_tells_whose_a_submission_is(tmp_path):
    owners = Owners(tmp_path)
    assert owners.students == {}
    assert owners.add([row("x_1"), row("=cmd"), row("known", "")]) == ["x_1", "=cmd"]
    text = owners.file.read_bytes()
    assert b"\r\n'=cmd," in text
    assert Owners(tmp_path).add([row("x_1"), row("=cmd")]) == ["x_1", "=cmd"]
    assert owners.file.read_bytes() == text
    filled = text.replace(b"x_1,,", b"x_1,9999,Eve").replace(b"'=cmd,", b"'=cmd,7")
    owners.file.write_bytes(b"\xef\xbb\xbf" + filled)  # as a spreadsheet saves it
    told = Owners(tmp_path)
    ids = {name: [who.id for who in people] for name, people in told.students.items()}
    assert ids == {"x_1": ["9999"], "=cmd": ["7"]}
    assert told.add([row("x_1"), row("=cmd"), row("new")]) == ["new"]
    assert set(Owners(tmp_path).students) == {"x_1", "=cmd"}
    document, _ = students_document([row("x_1"), row("new")], [], told.students)
    assert [one["student"] for one in document["students"]] == ["9999"]
    assert [one["submission"] for one in document["unidentified"]] == ["new"]


def test_a_name_that_looks_like_another_one_marked_as_text_stays_apart(tmp_path):
    """Who calls a hand-in `'=x` is not taken for who calls one `=x`."""
    Owners(tmp_path).add([row("=x"), row("'=x"), row("'y")])
    assert Owners(tmp_path).add([row("=x"), row("'=x"), row("'y")]) == ["=x", "'=x", "'y"]
    text = (tmp_path / "owners.csv").read_text()
    assert len(text.splitlines()) == 4
    (tmp_path / "owners.csv").write_text(text.replace("''=x,", "''=x,8"))
    told = Owners(tmp_path).students
    assert {name: [who.id for who in people] for name, people in told.items()} == {"'=x": ["8"]}


def test_all_members_of_a_group_may_be_told(tmp_path):
    rows = "submission,student,name\nteam,7; 8;7 ;,\nempty, ; ,\none,9,Eve\n"
    (tmp_path / "owners.csv").write_text(rows)
    told = Owners(tmp_path).students
    assert {name: [who.id for who in people] for name, people in told.items()} == {
        "team": ["7", "8"],
        "one": ["9"],
    }
    document, _ = students_document([row("team"), row("empty")], [], told)
    assert [(one["student"], one["group"]) for one in document["students"]] == [
        ("7", ["7", "8"]),
        ("8", ["7", "8"]),
    ]


def test_nobody_can_write_about_what_a_platform_has_told(tmp_path):
    (tmp_path / "owners.csv").write_text("submission,student\nada,666\n")
    known = HandInRow("ada", ({"id": "1", "name": "", "email": ""},), "", None, None)
    owners = Owners(tmp_path)
    document, _ = students_document([known], [], owners.students)
    assert [one["student"] for one in document["students"]] == ["1"]
    [note] = owners.notes([known])
    assert "the row of ada has no effect: its owner is known" in note


def test_a_row_of_owners_with_a_misspelled_submission_is_noted(tmp_path):
    (tmp_path / "owners.csv").write_text("submission,student\nx_2,9999\n=cmd,7\nx_3,\n")
    owners = Owners(tmp_path)
    [note] = owners.notes([row("x_1"), row("=cmd")])
    assert note.endswith("the row of x_2 has no effect: no such submission was graded.")
    assert owners.settled([row("x_1", "either"), row("=cmd", "or")]) == {"or"}


@pytest.mark.parametrize(
    "data",
    [b"a;b\n", b"\xff\xfe\x00", b"submission,student\nx,1\nx,2\n"],
)
def test_a_file_of_owners_that_cannot_be_read_is_told(tmp_path, data):
    (tmp_path / "owners.csv").write_bytes(data)
    with pytest.raises(UsageError, match=r"owners\.csv") as refusal:
        Owners(tmp_path)
    assert "\n" not in str(refusal.value)


def test_a_submission_of_nobody_has_no_students_id(group, tmp_path):
    """Its name is that of a student who has handed in nothing: that one gets no points for it."""
    group.submit("1001")
    group.grade()
    written, _ = students_document([row("1001")], [Submitter("1002")])
    (group.folder / "students.json").write_text(json.dumps(written))
    found = read_class(group.folder)
    [unknown] = [one for one in found.students if not one.is_known]
    assert unknown.submission == "1001" and unknown.id != "1001"
    assert "1001" not in {one.id for one in found.students}
