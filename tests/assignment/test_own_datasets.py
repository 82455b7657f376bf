"""A [[dataset]] with a mistake is named by its line, with what to write instead."""

import hashlib

import pytest

from autograder.assignment import load_assignment
from autograder.errors import AssignmentErrors

CSV = b"x,y\n1,2\n"
SUM = hashlib.sha256(CSV).hexdigest()
GOOD = f'name = "points"\ntrain = "data/points.csv"\nsha256 = {{ train = "{SUM}" }}\n'


@pytest.fixture
def load(course):
    (course / "solutions" / "tiny" / "data").mkdir()
    (course / "solutions" / "tiny" / "data" / "points.csv").write_bytes(CSV)

    def load(table):
        file = course / "assignment" / "tiny" / "assignment.toml"
        file.write_text(f"{file.read_text()}\n[[dataset]]\n{table}")
        return load_assignment(course, "tiny")

    return load


def test_a_good_one_is_read(load):
    [dataset] = load(GOOD + 'labels = "y"\nsmall = { train = 1 }\n').datasets
    assert dataset.name == "points" and dataset.small == {"train": 1} and dataset.labels == "y"


def test_its_name_can_be_needed(load):
    load(GOOD)
    loaded = load(GOOD.replace("points", "dots", 1))
    assert [one.name for one in loaded.datasets] == ["points", "dots"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (GOOD.replace('"points"', '"mnist"'), "the name 'mnist' is taken"),
        (GOOD.replace('"points"', '"torch"'), "the name 'torch' is taken"),
        (GOOD.replace('"points"', '"My Points"'), "'My Points' is not an id"),
        ('name = "points"\n', r"\[\[dataset\]\] has no file"),
        (GOOD.replace("points.csv", "points.txt"), "is not a .csv or .npz file"),
        (GOOD.replace("data/points.csv", "../points.csv"), "is not the path of a file"),
        (GOOD.replace("data/points.csv", "http://x.org/p.csv"), "is not the path of a file"),
        (GOOD.replace(SUM, "0" * 64), f'has another sha256; write sha256 = {{ train = "{SUM}"'),
        (GOOD.partition("sha256")[0], f'is missing; write sha256 = {{ train = "{SUM}"'),
        (GOOD.replace("{ train", "{ tset"), "'tset' is not one of its files"),
        (GOOD + "small = { test = 3 }\n", "'test' is not one of its files"),
        (GOOD + "small = { train = 0 }\n", "train is not a number from 1"),
        (GOOD + "small = { train = true }\n", "train is not a number from 1"),
        (GOOD + "small = 3\n", "'small' is a number"),
        (GOOD + "labels = 3\n", "'labels' is a number"),
        (GOOD + "split = 3\n", "unknown key 'split'"),
        (
            'name = "far"\ntrain = "https://x.org/p.csv"\nsha256 = { train = "12" }\n',
            "'12' is not a sha256",
        ),
    ],
)
def test_mistakes_are_named_with_their_line(load, table, words):
    with pytest.raises(AssignmentErrors, match=words) as caught:
        load(table)
    assert all(problem.line > 40 for problem in caught.value.problems)


def test_a_need_that_is_no_dataset_is_named(course):
    file = course / "assignment" / "tiny" / "assignment.toml"
    text = file.read_text().replace("timeout_s = 10", 'timeout_s = 10\nneeds = ["pionts"]', 1)
    file.write_text(f"{text}\n[[dataset]]\n{GOOD}")
    with pytest.raises(AssignmentErrors, match="did you mean 'points'"):
        load_assignment(course, "tiny")
