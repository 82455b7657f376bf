"""A file that tests read is a table, a value or a text; otherwise a message says what is wrong."""

import json

import numpy as np
import pytest

from autograder.rubric.check import CheckFailed
from autograder.rubric.failures import StudentError
from autograder.rubric.handed_files import Handed, UndeclaredFile

HEAD = "step,loss\n"


def handed(content, path="logs/train.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return Handed(["logs/*"], {path: data}).file(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "logs/train.csv is empty"),
        ("\n\n", "logs/train.csv is empty"),
        (b"step,loss\n\xff\xfe\xff,1\n", "logs/train.csv is not text in UTF-8"),
        (b"PK\x03\x04\0\0", "logs/train.csv is not text in UTF-8"),
        (HEAD + "0,1,2\n", "logs/train.csv has 3 entries in line 2, and 2 in its first line"),
        ("step,step\n0,1\n", "logs/train.csv has two columns 'step' in its first line"),
        ("epoch,loss\n0,1\n", "logs/train.csv has no column 'step'; it has 'epoch', 'loss'"),
        (HEAD + '0,"1\n', "logs/train.csv is not CSV: line 2"),
        (HEAD + "0,1\n" * 1_000_001, "logs/train.csv has more than 1,000,000 lines"),
        (",".join(map(str, range(1001))) + "\n", "logs/train.csv has more than 1,000 columns"),
    ],
    ids=["empty", "blank", "bytes", "zip", "wide", "twice", "other", "quote", "long", "columns"],
)  # fmt: skip
def test_a_table_that_cannot_be_used_says_why(content, words):
    with pytest.raises(CheckFailed) as failed:
        handed(content).csv()["step"]
    assert words in str(failed.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "logs/run.json is not JSON: line 1"),
        ("[" * 100_000 + "]" * 100_000, "logs/run.json is not JSON that can be read: it is nested"),
        ("[" * 60 + "]" * 60, "logs/run.json has more than 50 lists and objects inside each other"),
        ('{"rate": ' + "9" * 10_000 + "}", "a number too long"),
        ("[" + "1," * 1_000_001 + "1]", "logs/run.json has more than 1,000,000 values"),
    ],
    ids=["open", "deep", "nested", "digits", "values"],
)
def test_json_that_cannot_be_used_says_why(content, words):
    with pytest.raises(CheckFailed) as failed:
        handed(content, "logs/run.json").json()
    assert words in str(failed.value)


@pytest.mark.parametrize("value", [{"a": [1, None, "x"]}, [], 3, "text", [[[[1.5]]]]])
def test_json_is_read(value):
    assert handed(json.dumps(value)).json() == value


def test_numbers_that_json_does_not_know_are_read():
    nan, infinite = handed("[NaN, -Infinity]").json()
    assert np.isnan(nan) and infinite == -np.inf


def test_columns_of_numbers_are_arrays_and_others_are_texts():
    table = handed("step, loss ,note\n0,1.5,a\n\n1,,b\n").csv()
    assert table["step"].tolist() == [0, 1] and table["note"] == ["a", "b"]
    assert table["loss"][0] == 1.5 and np.isnan(table["loss"][1])


def test_another_delimiter_is_taken():
    assert handed("a;b\n1;2\n").csv(";")["b"].tolist() == [2]


@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbfa\r\nb\r\n", "a\nb\n".encode("utf-16"), b"a\rb\r"],
    ids=["mark", "utf-16", "old line ends"],
)
def test_texts_of_other_systems_are_read(data):
    assert handed(data).text() == "a\nb\n"


def test_a_file_that_is_too_large_says_so():
    file = Handed(["logs/*"], {"logs/a.txt": None}).file("logs/a.txt")
    with pytest.raises(CheckFailed, match=r"logs/a\.txt is larger than 20 MB"):
        file.text()


def test_a_file_that_was_not_handed_in_is_the_students_matter():
    file = Handed(["logs/*"], {}).file("logs/a.txt")
    assert not file.exists
    with pytest.raises(StudentError, match=r"logs/a\.txt was not handed in"):
        file.json()


def test_a_file_that_is_not_asked_for_is_the_authors_mistake():
    for path in ("other.txt", "logs/deep/a.txt", "../logs/a.txt", "/etc/passwd"):
        with pytest.raises(UndeclaredFile):
            Handed(["logs/*"], {}).file(path)


SERIES = ["loss", np.arange(2), np.ones(2), np.array([3.0, 2.0])]
ENTRY = {"path": "runs/a.tfevents", "series": [SERIES], "cut_off": False, "fault": ""}


def events(answer, paths=("runs/a.tfevents",)):
    return Handed(["runs/**"], dict.fromkeys(paths), lambda asked: answer).events("runs")


def test_series_are_read_by_their_tags():
    curves = events([ENTRY])
    assert curves.tags == ["loss"] and "loss" in curves and "accuracy" not in curves
    assert curves["loss"].values.tolist() == [3, 2] and len(curves["loss"]) == 2
    with pytest.raises(CheckFailed, match="runs has no series 'accuracy'; it has 'loss'"):
        curves["accuracy"]


def test_a_tag_of_several_runs_has_to_be_asked_for_by_run():
    paths = ("runs/big/a.tfevents", "runs/small/a.tfevents")
    curves = events([ENTRY | {"path": path} for path in paths], paths)
    with pytest.raises(CheckFailed, match=r"has 'loss' in 2 runs \('big', 'small'\)"):
        curves["loss"]
    assert curves.runs["small"]["loss"].steps.tolist() == [0, 1]


@pytest.mark.parametrize(
    "answer",
    [
        None, [], "text", [ENTRY, ENTRY], [ENTRY | {"more": 1}], [{}], [ENTRY | {"series": 3}],
        [ENTRY | {"series": [["loss", 1, 2, 3]]}], [ENTRY | {"fault": None}],
        [ENTRY | {"series": [[1, *SERIES[1:]]]}],
        [ENTRY | {"series": [["loss", np.arange(3), *SERIES[2:]]]}],
        [ENTRY | {"series": [["loss", np.array([object()] * 2), *SERIES[2:]]]}],
        [ENTRY | {"series": [["loss", *(one.reshape(2, 1) for one in SERIES[1:])]]}],
    ],
    ids=range(13),
)  # fmt: skip
def test_what_a_reader_answers_that_was_taken_over_is_refused(answer):
    with pytest.raises(CheckFailed, match="what reads event files was ended by them"):
        events(answer)
