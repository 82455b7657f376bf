"""A judge and its worker share one core while they talk, and no other judge waits for it."""

import contextlib
import os
import socket
import time
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox import cores
from autograder.sandbox.client import Zygote

from .child import in_child

pytestmark = pytest.mark.repeated_without_root

needs_cores = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="there is but one core here"
)


@pytest.fixture
def core(monkeypatch):
    """A core that this process has leased, as if no grading ran on this machine."""
    monkeypatch.setattr(cores, "LEASE_NAME", f"\0autograder-test-{os.getpid()}-core-")
    before = os.sched_getaffinity(0)
    core = cores.lease_core()
    if core is None:
        pytest.skip("others' processes may not be moved")
    yield core
    core.give_back()
    assert os.sched_getaffinity(0) == before


@needs_cores
def test_this_process_stays_on_the_core_that_it_leased(core):
    assert os.sched_getaffinity(0) == {core.number}


@needs_cores
def test_two_judges_lease_two_cores(core):
    def lease_another():
        os.sched_setaffinity(0, core.all)
        return cores.lease_core().number

    assert in_child(lease_another) in core.all - {core.number}


@needs_cores
def test_where_all_cores_are_leased_there_is_none(core):
    with contextlib.ExitStack() as leased:
        for number in core.all - {core.number}:
            holder = leased.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            holder.bind(f"{cores.LEASE_NAME}{number}")
        assert in_child(lambda: os.sched_setaffinity(0, core.all) or cores.lease_core()) is None


@needs_cores
def test_a_worker_joins_its_judge_and_is_let_go_when_it_computes_for_long(core, make_job):
    zygote = Zygote(core=core)
    try:
        source = {"shapes.py": "import time\ndef rest(): time.sleep(0.5)"}
        job = make_job(source)
        worker = zygote.open(job)
        session = StudentConnection(
            lambda request: worker.ask(request, time.monotonic() + 20), Path(job.folder)
        )
        shapes = StudentProxy(session).shapes
        assert os.sched_getaffinity(worker.pid) == {core.number}
        shapes.rest()
        assert os.sched_getaffinity(worker.pid) == core.all
        worker.close()
    finally:
        zygote.close()


@needs_cores
def test_one_core_is_not_leased():
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert cores.lease_core() is None
    finally:
        os.sched_setaffinity(0, before)
