"""The self-test notices what is open: run without layers, its attempts succeed and say so."""

import os
from dataclasses import replace

import pytest

from autograder.sandbox.selftest import HELD, probe

from .child import PLAIN_UID, in_child

pytestmark = pytest.mark.repeated_without_root

UNUSED_PROCESS = 2**22 - 1


@pytest.fixture
def probed(make_job, monkeypatch):
    """What the self-test says in a process that nothing confines."""

    # A program that is executed takes the place of the self-test.
    monkeypatch.setattr(os, "execv", lambda path, arguments: None)

    def probed(uid=None, **changes):
        job = make_job({}, secrets=[__file__])
        return in_child(lambda: probe(replace(job, **changes)), uid)

    return probed


def test_what_is_open_is_found(probed):
    expected = {
        "open sockets": "can be opened",
        "read secrets": f"{__file__} can be read",
        "write to what was handed in": "/submission can be written to",
        "write to shared folders": "/tmp can be written to",
        "read the grader's memory": "can be read",
        "execute a program": "it worked",
        "signal the grader": f"process {os.getpid()} can be signalled",
        "reach the kernel by odd calls": "can be",
        "work at all": HELD,
    }
    found = probed()
    assert set(found) == {*expected, "become root", "make a namespace"}
    assert {name for name, words in expected.items() if words not in found[name]} == set(), found


@pytest.mark.skipif(os.geteuid() != 0, reason="as root, this is possible everywhere")
def test_root_that_may_do_anything_is_found(probed):
    assert probed()["become root"] == "it worked"


def test_a_folder_that_can_be_listed_is_found(probed):
    folder = os.path.dirname(__file__)
    assert probed(secrets=[folder])["read secrets"] == f"{folder} can be read"


def test_what_is_closed_is_held(probed):
    found = probed(secrets=["/nowhere", "/proc/1/nothing"], folder="/nowhere", support="/nowhere")
    assert (found["read secrets"], found["write to what was handed in"]) == (HELD, HELD)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_process_of_somebody_else_cannot_be_signalled(probed):
    found = probed(uid=PLAIN_UID, judge=UNUSED_PROCESS, scratch="/tmp")
    assert (found["signal the grader"], found["become root"]) == (HELD, HELD)


def test_what_cannot_even_be_tried_has_not_held(probed):
    found = probed(scratch="/nowhere")
    assert found["work at all"].startswith("could not be tried (FileNotFoundError")
