"""A branch is ended with all that its worker has started, whatever the worker does meanwhile."""

import os
import time
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox.channel import ChannelStopped
from autograder.sandbox.client import Zygote
from autograder.sandbox.processes import descendants, is_living_child
from autograder.sandbox.reap import become_subreaper, kill_descendants

pytestmark = pytest.mark.repeated_without_root

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
    worker = zygote.open(job, forks=2)
    shapes = shapes_of(job)
    shapes(worker).begin()
    branch = worker.fork(time.monotonic() + 10)
    started = time.monotonic()
    branch.close()
    assert time.monotonic() - started < 10
    worker.close()
    assert descendants(os.getpid()) - others <= {zygote.pid}
    other = zygote.open(make_job({"shapes.py": FLOOD}))
    assert shapes(other).add(2, 3) == 5
    other.close()


def test_a_worker_goes_on_after_its_branch_was_ended(zygote, make_job):
    job = make_job({"shapes.py": FLOOD})
    worker = zygote.open(job, forks=2)
    for _ in range(2):
        branch = worker.fork(time.monotonic() + 10)
        branch.close()
        state = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[0]
        assert state in "SR"
    worker.close()


STATE = """
import os, threading, time
kept = []
def push(value):
    kept.append(value)
    return [os.getpid(), kept]
def fork():
    return os.fork() or time.sleep(30)
def fill(megabytes):
    kept.append(b"x" * (megabytes * 2**20))
def wait(seconds):
    time.sleep(seconds)
def fill_and_wait(megabytes):
    fill(megabytes)
    wait(5)
def fill_later(megabytes):
    threading.Timer(0.5, fill, [megabytes]).start()
def wait_in_threads(number):
    for _ in range(number):
        threading.Thread(target=time.sleep, args=[60], daemon=True).start()
def rewrite():
    kept[:] = [bytes(reversed(one)) for one in kept]
def refuse_once():
    import autograder.sandbox.worker as worker
    fork_branch = worker._fork
    def refuse(**how):
        worker._fork = fork_branch
        return -1
    worker._fork = refuse
"""


def shapes_of(job):
    def shapes(talker):
        session = StudentConnection(
            lambda request: talker.ask(request, time.monotonic() + 10), Path(job.folder)
        )
        return StudentProxy(session).shapes

    return shapes


@pytest.fixture
def worker(zygote, make_job):
    job = make_job({"shapes.py": STATE})
    worker = zygote.open(job, forks=4)
    worker.shapes = shapes_of(job)
    yield worker
    worker.close()


def new_branch(worker):
    return worker.fork(time.monotonic() + 10, seed=1, alone=True)


def test_a_branch_that_is_paused_goes_on_where_it_was(worker):
    first = new_branch(worker)
    process, _ = worker.shapes(first).push(1)
    assert first.pause()
    second = new_branch(worker)
    assert worker.shapes(second).push(2)[1] == [2]
    state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    assert state == "T"
    second.close()
    assert first.resume()
    assert worker.shapes(first).push(3) == [process, [1, 3]]
    first.close()
    assert not first.resume()
    assert not is_living_child(process, worker.pid)


def test_a_branch_that_was_killed_while_it_was_paused_does_not_go_on(worker):
    branch = new_branch(worker)
    process, _ = worker.shapes(branch).push(1)
    assert branch.pause()
    os.kill(process, 9)
    while is_living_child(process, worker.pid):
        time.sleep(0.01)
    assert not branch.resume()
    branch.close()


def test_a_branch_with_a_process_of_its_own_is_not_paused(worker):
    branch = new_branch(worker)
    worker.shapes(branch).fork()
    assert not branch.pause()
    branch.close()


def test_a_branch_with_much_memory_is_not_paused(worker):
    branch = new_branch(worker)
    worker.shapes(branch).fill(20)
    assert branch.pause() and branch.resume()
    worker.shapes(branch).fill(20)
    assert not branch.pause()
    branch.close()


def test_a_branch_with_many_threads_is_not_paused(worker):
    branch = new_branch(worker)
    worker.shapes(branch).wait_in_threads(20)
    assert not branch.pause()
    branch.close()


def test_memory_that_a_branch_has_written_anew_is_its_own(worker):
    worker.shapes(worker).fill(50)
    branch = new_branch(worker)
    assert branch.pause() and branch.resume()
    worker.shapes(branch).rewrite()
    assert not branch.pause()
    branch.close()


def test_a_worker_that_refused_a_branch_can_be_branched_later(worker):
    worker.shapes(worker).refuse_once()
    assert new_branch(worker) is None
    branch = new_branch(worker)
    assert worker.shapes(branch).push(1)[1] == [1]
    branch.close()


def test_branches_that_wait_make_room_for_one_that_could_not_be_forked(worker):
    first = new_branch(worker)
    assert first.pause()
    worker.shapes(worker).refuse_once()
    second = new_branch(worker)
    assert worker.shapes(second).push(1)[1] == [1]
    assert not first.resume()
    for one in (first, second):
        one.close()


def test_what_paused_branches_share_with_their_worker_counts_once(zygote, make_job):
    job = make_job({"shapes.py": STATE}, memory_bytes=60 * 2**20, address_bytes=2**30)
    worker = zygote.open(job, forks=4)
    branches = [new_branch(worker)]
    shapes = shapes_of(job)
    while len(branches) < 4:
        assert branches[-1].pause()
        branches.append(new_branch(worker))
        assert shapes(branches[-1]).wait(0.3) is None
    branches[0].resume()
    with pytest.raises(ChannelStopped, match="of memory"):
        shapes(branches[0]).fill_and_wait(60)
    for one in (*branches, worker):
        one.close()


def test_a_paused_branch_that_was_continued_counts_as_a_whole(zygote, make_job):
    job = make_job({"shapes.py": STATE}, memory_bytes=200 * 2**20, address_bytes=2**30)
    worker = zygote.open(job, forks=2)
    shapes = shapes_of(job)
    first = new_branch(worker)
    shapes(first).fill_later(200)
    assert first.pause()
    second = new_branch(worker)
    os.kill(first.pid, 18)  # as another branch of the worker might
    with pytest.raises(ChannelStopped, match="of memory"):
        shapes(second).wait(5)
    for one in (first, second, worker):
        one.close()


def test_what_a_worker_holds_hides_nothing_that_a_paused_branch_holds(zygote, make_job):
    job = make_job({"shapes.py": STATE}, memory_bytes=300 * 2**20, address_bytes=2**30)
    worker = zygote.open(job, forks=2)
    shapes = shapes_of(job)
    first = new_branch(worker)
    shapes(first).fill_later(200)
    assert first.pause()
    second = new_branch(worker)
    shapes(worker).fill(200)
    os.kill(first.pid, 18)
    with pytest.raises(ChannelStopped, match="of memory"):
        shapes(second).wait(5)
    for one in (first, second, worker):
        one.close()
