"""Event files are read in a process of their own, and none of them can stop the grading."""

import struct

import pytest

from autograder.readers.event_files import read

from .conftest import EVENTS

pytest.importorskip("tensorboard")


def records(*contents):
    """Records in the form of event files: length, its checksum, content, its checksum."""
    from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

    pieces = []
    for content in contents:
        length = struct.pack("<Q", len(content))
        pieces += [length, struct.pack("<I", masked_crc32c(length)), content,
                   struct.pack("<I", masked_crc32c(content))]  # fmt: skip
    return b"".join(pieces)


def scalar(step, value, tag="loss"):
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary

    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
    return Event(wall_time=1.0, step=step, summary=summary).SerializeToString()


def test_the_curves_of_a_run_are_compared_with_its_log(outcome, hand_in):
    assert outcome("f1-curves").status == "passed"
    wrong = records(*(scalar(step, 1.0) for step in range(20)))
    item = outcome("f1-curves", {EVENTS: wrong})
    assert item.status == "failed" and "the values of `loss` in runs/" in item.student_message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no records at all" * 9, "is damaged after 0 records"),
        (struct.pack("<Q", 2**62) + bytes(12), "is damaged after 0 records"),
        ([b"\xff" * 50], "is damaged after"),
        (b"a" * 64_000_001, "is too large: event files may have 64 MB together"),
    ],
    ids=["text", "length", "message", "large"],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, words):
    data = records(*content) if isinstance(content, list) else content
    (tmp_path / "tfevents").write_bytes(data)
    [entry] = read(str(tmp_path), ["tfevents"])
    assert words in entry["fault"]


def test_many_tags_and_an_empty_file_are_no_trouble(tmp_path):
    many = records(*(scalar(0, 1.0, f"tag {number}") for number in range(1_001)))
    (tmp_path / "many").write_bytes(many)
    (tmp_path / "empty").touch()
    entries = read(str(tmp_path), ["many", "empty"])
    assert "event files may have 1,000 tags" in entries[0]["fault"]
    assert (entries[1]["series"], entries[1]["fault"]) == ([], "")


def test_what_a_damaged_file_says_reaches_the_student(outcome):
    item = outcome("f1-curves", {EVENTS: struct.pack("<Q", 2**62) + bytes(12)})
    assert (item.status, item.score) == ("failed", 0.0)
    assert f"{EVENTS} is damaged after 0 records" in item.student_message


def test_a_run_that_was_cut_off_counts_as_far_as_it_went(outcome, hand_in):
    whole = (hand_in() / EVENTS).read_bytes()
    item = outcome("f1-curves", {EVENTS: whole[:-7]})
    assert item.status == "failed"
    assert "the steps of `loss` in runs/" in item.student_message


def test_a_run_that_was_continued_has_two_files(outcome, hand_in):
    loss = [float(row.split(",")[1]) for row in
            (hand_in() / "logs/train.csv").read_text().splitlines()[1:]]  # fmt: skip
    first = records(*(scalar(step, loss[step]) for step in range(8)))
    second = records(*(scalar(step, loss[step]) for step in range(8, 20)))
    later = EVENTS.replace("1700000000", "1700000001")
    assert outcome("f1-curves", {EVENTS: first, later: second}).status == "passed"


def test_without_event_files_the_student_reads_so(outcome):
    item = outcome("f1-curves", {EVENTS: None, "runs/notes.txt": "none"})
    assert "runs has no event files of TensorBoard" in item.student_message
