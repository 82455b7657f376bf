"""The self-test notices what is open: run without layers, its attempts succeed and say so."""

import os

import pytest

from autograder.sandbox import selftest


def in_child(attempt):
    """What an attempt says, in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, selftest._outcome(attempt).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (selftest._open_sockets, "can be opened"),
        (lambda: selftest._read_any([__file__]), "can be read"),
        (lambda: selftest._read_any([os.path.dirname(__file__)]), "can be read"),
        (lambda: selftest._write_any(["/tmp"]), "/tmp can be written to"),
        (lambda: selftest._signal_any([os.getppid()]), "can be signalled"),
        (lambda: selftest._must_fail(lambda: None), "it worked"),
        (lambda: selftest._must_fail(lambda: 1 / 0), "could not be tried (ZeroDivisionError"),
        (lambda: selftest._call_oddly("/tmp"), "can be"),
        (lambda: selftest._work("/nowhere"), "could not be tried (FileNotFoundError"),
    ],
)
def test_what_is_open_is_found(attempt, words):
    assert words in in_child(attempt)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: selftest._read_any(["/nowhere", "/proc/1/nothing"]),
        lambda: selftest._write_any(["/nowhere"]),
        lambda: selftest._signal_any([2**22 - 1]),
        lambda: selftest._work("/tmp"),
    ],
)
def test_what_is_closed_is_held(attempt):
    assert in_child(attempt) == selftest.HELD
