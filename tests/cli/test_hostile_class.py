"""A class in which a student claims to be another one: graded for real, from each kind of place."""

import csv
import json
import os
import shutil
import stat
import zipfile

import pytest

from autograder.assignment import load_assignment
from autograder.release import solution_files, write_release

BOMB = "a: &a [x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def right(course, tmp_path):
    """The complete solution, which earns 4."""
    folder = tmp_path / "right"
    write_release(solution_files(load_assignment(course, "tiny")), folder)
    return folder


@pytest.fixture
def right_zip(right, tmp_path):
    return shutil.make_archive(str(tmp_path / "right"), "zip", right)


@pytest.fixture
def half_zip(right, tmp_path):
    """A zip that earns 2: it doubles instead of squaring."""
    half = tmp_path / "half"
    shutil.copytree(right, half)
    area = half / "shapes/area.py"
    area.write_text(area.read_text().replace("np.multiply(x, x)", "2 * x"))
    return shutil.make_archive(str(half), "zip", half)


@pytest.fixture
def graded(run, course):
    """Grade a place: scores by name, the class record, and what was said."""

    def graded(place, *paths):
        done = run("grade", "tiny", *paths, "--from", place, "--json")
        assert done.returncode == 0, done.stderr
        scores = {one["name"]: one["score"] for one in json.loads(done.stdout)["submissions"]}
        record = json.loads((course / "results/tiny/students.json").read_bytes())
        return scores, record, done.stderr

    return graded


def counting(record):
    return {one["student"]: one["submission"] for one in record["students"]}


def test_links_out_of_a_hand_in_earn_nothing(graded, course, right, right_zip):
    place = course / "class"
    shutil.copytree(right, place / "ada")
    (place / "bob").mkdir()
    shutil.copy(right_zip, place / "bob/work.zip")
    for name in ("eve", "fay", "gus", "hal", "ida", "jon", "kim"):
        (place / name).mkdir()
    (place / "eve/shapes").symlink_to("../ada/shapes")
    (place / "fay/work.zip").symlink_to("../bob/work.zip")
    (place / "gus/shapes").mkdir()
    for file in ("area.py", "__init__.py"):
        (place / "gus/shapes" / file).symlink_to(f"../../ada/shapes/{file}")
    (place / "hal/one").symlink_to("../ada")
    (place / "ida/work.zip").symlink_to("/dev/zero")
    os.mkfifo(place / "jon/work.zip")
    with open(place / "kim/work.zip", "wb") as file:
        file.truncate(1 << 40)
    (place / "lea").symlink_to("ada")
    (place / "mia.zip").symlink_to(right_zip)
    with zipfile.ZipFile(place / "ned.zip", "w") as archive:
        for name, target in (("shapes", "../ada/shapes"), ("shapes/area.py", "/dev/zero")):
            link = zipfile.ZipInfo(name)
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, target)
    scores, _, said = graded(place)
    honest = {"ada": 4.0, "bob": 4.0}
    assert (
        scores
        == dict.fromkeys(
            ("eve", "fay", "gus", "hal", "ida", "jon", "kim", "lea", "mia", "ned"), 0.0
        )
        | honest
    )
    assert "lea is a link and was not followed" in said
    assert "mia.zip is a link and was not followed" in said


def test_a_hard_link_out_of_a_hand_in_earns_nothing(graded, course, right, right_zip):
    place, solutions = course / "class", course / "elsewhere"
    shutil.copytree(right, solutions)
    shutil.copytree(right, place / "ada")
    (place / "eve/shapes").mkdir(parents=True)
    for file in ("area.py", "__init__.py"):
        os.link(solutions / "shapes" / file, place / "eve/shapes" / file)
    (place / "fay").mkdir()
    os.link(right_zip, place / "fay/work.zip")
    os.link(right_zip, place / "gus.zip")
    shutil.copytree(right, place / "hal")  # two names in one hand-in are nobody else's business
    os.link(place / "hal/shapes/area.py", place / "hal/shapes/copy.py")
    scores, _, said = graded(place)
    assert scores == {"ada": 4.0, "eve": 0.0, "fay": 0.0, "gus": 0.0, "hal": 4.0}
    assert "eve, fay, gus: a file that is a hard link to another place was not read" in said


def test_a_class_export_in_a_hand_in_is_content(graded, course, right):
    place = course / "class"
    shutil.copytree(right, place / "ada")
    eve = place / "eve"
    write = {
        "submission_metadata.yml": BOMB + "submission_1:\n  :submitters:\n  - :sid: ada\n",
        "submission_1/shapes/area.py": "",
    }
    for path, text in write.items():
        (eve / path).parent.mkdir(parents=True, exist_ok=True)
        (eve / path).write_text(text)
    scores, record, _ = graded(place)
    assert scores == {"ada": 4.0, "eve": 0.0}
    assert record["students"] == []
    shutil.rmtree(place / "ada")  # now it is all that lies there
    scores, record, said = graded(place)
    assert scores == {"eve": 0.0}
    assert record["students"] == []
    assert "class contains only the folder eve, which was graded as one submission" in said


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_metadata_of_one_hand_in_gives_nobody_points(graded, course, right, half_zip, kind):
    place = course / "class"
    metadata = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: '{number}'\n"
        f"    :email: {name}@x\n"
        for number, name in ((1, "Ada"), (2, "Eve"))
    )
    shutil.copytree(right, place / "submission_1")
    (place / "submission_2").mkdir()
    shutil.copy(half_zip, place / "submission_2/submission.zip")
    (place / "submission_2/submission_metadata.yml").write_text(metadata.replace("Ada", "Eve"))
    (place / "submission_metadata.yml").write_text(metadata)
    where = place if kind == "folder" else shutil.make_archive(str(place), "zip", course, "class")
    scores, record, _ = graded(where)
    assert scores == {"Ada 1": 4.0, "Eve 2": 2.0}
    assert counting(record) == {"1": "Ada 1", "2": "Eve 2"}


def test_a_name_on_canvas_takes_nobody_elses_place(run, graded, course, right_zip, half_zip):
    place = course / "class"
    place.mkdir()
    shutil.copy(right_zip, place / "lovelaceada_1001_5001_hw.zip")
    shutil.copy(half_zip, place / "x_1001_9999_7777_hw.zip")  # signs up as "x_1001"
    shutil.copy(half_zip, place / "turingalan_1002_5002_hw.zip")
    scores, record, said = graded(place)
    assert scores["lovelaceada_1001_5001"] == 4.0
    assert scores["x_1001_9999_7777_hw"] == 2.0
    assert counting(record) == {
        "1001": "lovelaceada_1001_5001", "1002": "turingalan_1002_5002",
    }  # fmt: skip
    [open_] = record["unidentified"]
    assert open_["submission"] == "x_1001_9999_7777_hw"
    assert "may have been submitted by 1001 or 9999" in open_["why"]
    assert "owner unknown: x_1001_9999_7777_hw; it counts for no student" in said
    assert "may have been submitted by" in said

    told = run("gradebook", "tiny", "results/tiny", "--canvas-id", "canvas", "--column", "HW")
    assert "x_1001" in told.stderr
    for table in ("canvas", "moodle"):
        rows = (course / f"results/tiny/gradebook-{table}.csv").read_text()
        assert "x_1001" not in rows and "9999" not in rows

    owners = course / "results/tiny/owners.csv"
    with open(owners, newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["student"] = "9999"
    with open(owners, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    _, record, said = graded(place)
    assert counting(record)["9999"] == "x_1001_9999_7777_hw"
    assert counting(record)["1001"] == "lovelaceada_1001_5001"
    assert record["unidentified"] == [] and "owner" not in said
    assert "can be read" not in said  # the question is settled


def test_a_later_hand_in_takes_no_name(graded, course, right, half_zip):
    place, late = course / "class", course / "alate"
    shutil.copytree(right, place / "anna")
    assert graded(place)[0] == {"anna": 4.0}
    for folder, name in ((place, "Anna.zip"), (place, "anna-2.zip"), (late, "anna.zip")):
        folder.mkdir(exist_ok=True)
        shutil.copy(half_zip, folder / name)
    scores, _, said = graded(place, late / "anna.zip")
    assert scores == {"anna": 4.0, "anna-2": 2.0, "Anna-3": 2.0, "anna-4": 2.0}
    assert said.count("two hand-ins are called") == 2
    (place / "Anna.zip").unlink()
    assert graded(place)[0] == {"anna": 4.0, "anna-2": 2.0}
    shutil.rmtree(place / "anna")
    assert graded(place)[0] == {"anna-2": 2.0}
