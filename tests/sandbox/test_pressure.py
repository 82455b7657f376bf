"""Where memory is short, the worker that holds most goes first, however it is divided up."""

import mmap
import os
import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox import pressure
from autograder.sandbox.client import Zygote
from autograder.sandbox.processes import look_at

pytestmark = pytest.mark.repeated_without_root

MIB = 2**20


def hold(mebibytes):
    """A process that holds so much memory; returns its id."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        block = mmap.mmap(-1, mebibytes * MIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        for place in range(0, len(block), 4096):
            block[place] = 1
        os.write(writing, b".")
        time.sleep(60)
        os._exit(0)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    return child


@pytest.fixture
def trees():
    """Processes of two workers: the first has many small ones, the second one that is larger."""
    trees = [hold(40) for _ in range(12)], [hold(200)]
    for process in (*trees[0], *trees[1]):
        Path(f"/proc/{process}/oom_score_adj").write_text(str(pressure.FIRST))
    yield trees
    for process in (*trees[0], *trees[1]):
        os.kill(process, 9)
        os.waitpid(process, 0)


def points(process):
    """By what the kernel chooses, as it tells itself."""
    return int(Path(f"/proc/{process}/oom_score").read_text())


def update(processes):
    pressure.MemoryOrder().update([look_at(process) for process in processes], nullcontext)


def test_many_small_processes_go_before_a_larger_one_of_a_smaller_worker(trees, monkeypatch):
    many, one = trees
    assert max(map(points, many)) < points(one[0])  # as the kernel would do it alone
    total, _ = pressure.memory_of_machine()
    monkeypatch.setattr(pressure, "memory_of_machine", lambda: (total, 0))
    update(many)
    update(one)
    assert min(map(points, many)) > points(one[0])


def test_nothing_changes_while_there_is_memory(trees, monkeypatch):
    many, _ = trees
    monkeypatch.setattr(pressure, "memory_of_machine", lambda: (100 * MIB, 50 * MIB))
    update(many)
    scores = {Path(f"/proc/{process}/oom_score_adj").read_text() for process in many}
    assert scores == {f"{pressure.FIRST}\n"}


def test_no_score_is_beyond_what_the_kernel_takes(trees, monkeypatch):
    many, _ = trees
    monkeypatch.setattr(pressure, "memory_of_machine", lambda: (10 * MIB, 0))
    update(many)
    scores = {Path(f"/proc/{process}/oom_score_adj").read_text() for process in many}
    assert scores == {"1000\n"}


def test_a_worker_is_put_in_order_while_it_is_waited_for(make_job, monkeypatch):
    total, _ = pressure.memory_of_machine()
    monkeypatch.setattr(pressure, "memory_of_machine", lambda: (total, 0))
    source = """
import os, time
def f(wanted):
    reading, writing = os.pipe()
    for _ in range(4):
        if os.fork() == 0:
            block = bytearray(100 * 2**20)
            for place in range(0, len(block), 4096): block[place] = 1
            os.write(writing, b".")
            time.sleep(30)
            os._exit(0)
    for _ in range(4): os.read(reading, 1)
    score = 0
    for _ in range(100):
        time.sleep(0.1)
        with open("/proc/self/oom_score_adj") as file:
            score = int(file.read())
        if score >= wanted: break
    return score
"""
    wanted = pressure.FIRST + 1000 * 4 * 90 * MIB // total - pressure.STEP
    job = make_job({"shapes.py": source})
    zygote = Zygote()
    try:
        worker = zygote.open(job)
        ask = partial(worker.ask, deadline=time.monotonic() + 40)
        score = StudentProxy(StudentConnection(ask, Path(job.folder))).shapes.f(wanted)
        worker.close()
    finally:
        zygote.close()
    assert score >= wanted > pressure.FIRST


@pytest.mark.parametrize(
    ("limit", "use", "expected"),
    [
        (None, None, "machine"),
        ("max", "1", "machine"),
        (str(2**60), "1", "machine"),
        (str(100 * MIB), str(30 * MIB), (100 * MIB, 70 * MIB)),
    ],
)
def test_a_container_with_less_memory_counts(tmp_path, limit, use, expected):
    paths = (tmp_path / "limit", tmp_path / "use")
    for path, text in zip(paths, (limit, use), strict=True):
        if text is not None:
            path.write_text(text)
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    total, available = pressure.memory_of_machine([tuple(map(str, paths))])
    if expected == "machine":
        assert total >= machine
        assert 0 < available <= total
    else:
        assert (total, available) == expected
