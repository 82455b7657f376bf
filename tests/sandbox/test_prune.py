"""A branch is ended with all that its worker has started, whatever the worker does meanwhile."""

import os
import time
from pathlib import Path

import pytest

from autograder.rubric.student import Session, Student
from autograder.sandbox.process import Zygote
from autograder.sandbox.processes import descendants
from autograder.sandbox.reap import become_subreaper, kill_descendants

# Starts processes for 25 seconds, thousands each second because they share its memory: those that
# are stopped are killed, and new ones are there.
FLOOD = """
import contextlib, ctypes, os, signal, threading, time

LIBC = ctypes.CDLL(None)
STACKS = [ctypes.create_string_buffer(16384) for _ in range(40)]

def start(stack):
    top = ctypes.c_void_p((ctypes.addressof(stack) + 16000) & ~15)
    return LIBC.clone(ctypes.cast(LIBC.pause, ctypes.c_void_p), top, 0x100 | signal.SIGCHLD, None)

def keep_forking():
    running, end = {}, time.monotonic() + 25
    while time.monotonic() < end:
        with contextlib.suppress(ChildProcessError):
            child, status = os.waitpid(-1, os.WUNTRACED | os.WNOHANG)
            if child and os.WIFSTOPPED(status):
                os.kill(child, signal.SIGKILL)
            elif child in running:
                STACKS.append(running.pop(child))
        if STACKS:
            stack = STACKS.pop()
            running[start(stack)] = stack
    for child in running:
        os.kill(child, signal.SIGKILL)

def begin():
    threading.Thread(target=keep_forking, daemon=True).start()

def add(a, b):
    return a + b
"""


@pytest.fixture
def zygote():
    become_subreaper()
    zygote = Zygote()
    yield zygote
    zygote.close()
    kill_descendants()


def test_a_worker_that_starts_processes_without_end_does_not_hold_up_the_zygote(zygote, make_job):
    others = descendants(os.getpid())
    job = make_job({"shapes.py": FLOOD})
    worker = zygote.open(job, branches=2)

    def shapes(talker):
        session = Session(
            lambda request: talker.ask(request, time.monotonic() + 10), Path(job.folder)
        )
        return Student(session).shapes

    shapes(worker).begin()
    branch = worker.branch(time.monotonic() + 10)
    started = time.monotonic()
    branch.close()
    assert time.monotonic() - started < 10
    worker.close()
    assert descendants(os.getpid()) - others <= {zygote.process}
    other = zygote.open(make_job({"shapes.py": FLOOD}))
    assert shapes(other).add(2, 3) == 5
    other.close()


def test_a_worker_goes_on_after_its_branch_was_ended(zygote, make_job):
    job = make_job({"shapes.py": FLOOD})
    worker = zygote.open(job, branches=2)
    for _ in range(2):
        branch = worker.branch(time.monotonic() + 10)
        branch.close()
        state = Path(f"/proc/{worker.process}/stat").read_text().rpartition(")")[2].split()[0]
        assert state in "SR"
    worker.close()
