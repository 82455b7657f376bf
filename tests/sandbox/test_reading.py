"""What reads a file that was handed in is confined, limited in time, and not believed."""

import pytest

from autograder.sandbox.client import Zygote
from autograder.sandbox.reading import ConfinedReader, LibraryMissing, ReadingFailed

READER = """
import os, socket, time

def add(a, b):
    return [a + b, b"bytes"]

def hang():
    while True:
        pass

def end():
    os._exit(3)

def refuse():
    raise ValueError("is not a drawing\\nsecond line")

def fail():
    raise RuntimeError("/secret/path")

def imports():
    import no_such_library

def connect():
    socket.socket()

def write(path):
    open(path, "w")

def read(path):
    return open(path).read()

def odd():
    return object()
"""


@pytest.fixture
def call(make_job):
    zygote = Zygote()
    job = make_job({}, {"drawings.py": READER})
    reader = ConfinedReader(zygote, lambda: job, lambda report: None)
    yield lambda function, *arguments: reader.call("drawings", function, *arguments, seconds=2)
    reader.close()
    zygote.close()


def test_a_reader_answers_with_plain_values(call):
    assert call("add", 2, 3) == [5, b"bytes"]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("hang", "takes longer than 2 s to read"),
        ("end", "cannot be read: what reads it was ended by it"),
        ("refuse", "is not a drawing"),
        ("fail", "cannot be read"),
        ("connect", "cannot be read"),
        ("odd", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_has_one_sentence_and_the_next_is_read(call, function, words):
    with pytest.raises(ReadingFailed) as failed:
        call(function)
    assert str(failed.value).startswith(words) and "\n" not in str(failed.value)
    assert "/secret" not in str(failed.value)
    assert call("add", 1, 1)[0] == 2


def test_a_missing_library_is_the_graders_matter(call):
    with pytest.raises(LibraryMissing, match=r"^no_such_library$"):
        call("imports")


def test_nothing_else_can_be_read_or_written(call, tmp_path):
    (tmp_path / "secret").write_text("42")
    for function in ("read", "write"):
        with pytest.raises(ReadingFailed, match=r"^cannot be read"):
            call(function, str(tmp_path / "secret"))
    assert (tmp_path / "secret").read_text() == "42"
