"""A worker at rest does nothing, and one that student code has woken is noticed."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox.channel import ChannelStopped
from autograder.sandbox.client import Zygote
from autograder.sandbox.memory import private_memory
from autograder.sandbox.processes import descendants, is_stopped
from autograder.sandbox.reap import become_subreaper, kill_descendants
from autograder.sandbox.requests import SandboxFailure
from autograder.sandbox.rest import Rest

pytestmark = pytest.mark.repeated_without_root

STATE = """
import ctypes, os, threading, time
kept = []
def push(value):
    kept.append(value)
    return list(kept)
def fill(megabytes):
    kept.append(b"x" * (megabytes * 2**20))
def count():
    return len(kept)
def start():
    return os.fork() or time.sleep(60)
def start_orphan():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)
    os.wait()
def work_on():
    def work():
        while True:
            kept.append(len(kept))
    threading.Thread(target=work, daemon=True).start()
def start_when_stopped():
    def forever():
        while True:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            time.sleep(0.0002)
    threading.Thread(target=forever, daemon=True).start()
"""


@pytest.fixture
def zygote():
    become_subreaper()
    zygote = Zygote()
    yield zygote
    zygote.close()
    kill_descendants()


@pytest.fixture
def opened(zygote, make_job):
    """Open a worker; returns it and what a function of its module is called by."""
    workers = []

    def opened(**changes):
        job = make_job({"keeping.py": STATE}, **changes)
        worker = zygote.open(job, forks=4)
        workers.append(worker)

        def call(name, *arguments, talker=worker):
            channel = StudentConnection(
                lambda asked: talker.ask(asked, time.monotonic() + 20), Path(job.folder)
            )
            return getattr(StudentProxy(channel).keeping, name)(*arguments)

        return worker, call

    yield opened
    for worker in workers:
        worker.close()


def test_a_worker_at_rest_is_stopped_and_goes_on_where_it_was(opened):
    worker, call = opened()
    call("push", 1)
    rest = Rest(worker)
    assert is_stopped(worker.pid)
    assert rest.is_undisturbed({worker.pid})
    worker.resume()
    assert call("push", 2) == [1, 2]


def test_its_paused_branches_stay_and_everything_else_ends(opened):
    worker, call = opened()
    branch = worker.fork(time.monotonic() + 10)
    call("push", 3, talker=branch)
    assert branch.pause()
    worker.resume()
    call("start"), call("start_orphan")
    rest = Rest(worker)
    assert rest.is_undisturbed({worker.pid})
    below = descendants(worker.zygote.pid, ended=False)
    assert below == {worker.pid, *worker.paused}
    worker.resume()
    assert branch.resume()
    assert call("push", 4, talker=branch) == [3, 4]
    branch.close()


def test_a_branch_that_takes_its_time_to_stop_is_waited_for(opened):
    """On a loaded machine it may not run for a while, and stops only when it does."""
    worker, call = opened()
    branch = worker.fork(time.monotonic() + 10)
    call("push", 3, talker=branch)
    assert branch.pause()
    [process] = worker.paused
    os.kill(process, signal.SIGCONT)
    stops = threading.Timer(0.3, os.kill, (process, signal.SIGSTOP))
    stops.start()
    rest = Rest(worker)
    assert is_stopped(process)
    assert rest.is_undisturbed({worker.pid})
    stops.join()
    worker.resume()
    assert branch.resume()
    branch.close()


def test_a_worker_that_was_woken_is_disturbed(opened):
    worker, _ = opened()
    rest = Rest(worker)
    os.kill(worker.pid, signal.SIGCONT)
    assert not rest.is_undisturbed({worker.pid})


def test_one_that_took_memory_and_stopped_itself_again_is_disturbed(opened):
    worker, call = opened()
    rest = Rest(worker)
    before = private_memory(worker.pid)
    os.kill(worker.pid, signal.SIGCONT)
    call("fill", 8)
    os.kill(worker.pid, signal.SIGSTOP)
    until = time.monotonic() + 10
    while not is_stopped(worker.pid):
        assert time.monotonic() < until
    assert private_memory(worker.pid) > before
    assert not rest.is_undisturbed({worker.pid})


def test_memory_that_the_kernel_gives_to_one_at_rest_does_not_disturb_it(opened, monkeypatch):
    """To join small pages to a large one adds those between that were not in use."""
    worker, call = opened()
    call("push", 1)
    rest = Rest(worker)
    grown = private_memory(worker.pid) + 2 * 2**20
    monkeypatch.setattr("autograder.sandbox.rest.private_memory", lambda _: grown)
    time.sleep(0.05)
    assert rest.is_undisturbed({worker.pid})
    os.kill(worker.pid, signal.SIGCONT)
    call("push", 2)
    os.kill(worker.pid, signal.SIGSTOP)
    until = time.monotonic() + 10
    while not is_stopped(worker.pid):
        assert time.monotonic() < until
    assert not rest.is_undisturbed({worker.pid})


def test_one_that_left_an_orphan_and_stopped_itself_again_is_disturbed(opened):
    worker, call = opened()
    rest = Rest(worker)
    os.kill(worker.pid, signal.SIGCONT)
    call("start_orphan")
    os.kill(worker.pid, signal.SIGSTOP)
    until = time.monotonic() + 10
    while not is_stopped(worker.pid):
        assert time.monotonic() < until
    assert not rest.is_undisturbed({worker.pid})


def test_an_orphan_of_a_worker_at_work_disturbs_no_other(opened):
    resting, _ = opened()
    rest = Rest(resting)
    worker, call = opened()
    call("start_orphan")
    assert rest.is_undisturbed({resting.pid})
    worker.close()
    assert rest.is_undisturbed({resting.pid})
    assert is_stopped(resting.pid)


def fill_without_end(call):
    for _ in range(20):
        call("fill", 60)
        time.sleep(0.12)


def test_what_one_does_costs_no_other_of_the_same_zygote(opened):
    resting, call_resting = opened()
    call_resting("push", 1)
    call_resting("fill", 300)
    rest = Rest(resting)
    greedy, call = opened(memory_bytes=250 * 2**20, address_bytes=2**32)
    with pytest.raises(ChannelStopped, match="memory"):
        fill_without_end(call)
    greedy.close()
    another, call = opened(
        memory_bytes=250 * 2**20, address_bytes=2**32
    )  # what rests does not count in it
    for value in range(5):
        call("push", value)
        time.sleep(0.12)
    another.close()
    assert rest.is_undisturbed({resting.pid})
    resting.resume()
    assert call_resting("count") == 2


def test_one_that_starts_processes_without_end_rests_or_is_refused(opened):
    worker, call = opened()
    call("start_when_stopped")
    try:
        rest = Rest(worker)
    except SandboxFailure:
        worker.close()
        return
    below = descendants(worker.zygote.pid, ended=False)
    assert below == {worker.pid}
    assert rest.is_undisturbed({worker.pid})


def test_work_on_the_side_rests_too(opened):
    worker, call = opened()
    call("work_on")
    rest = Rest(worker)
    before = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    time.sleep(0.2)
    after = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    assert before == after
    assert rest.is_undisturbed({worker.pid})
