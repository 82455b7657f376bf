"""Which processes are below one: from the kernel's lists, and by a look at every process."""

import math
import os
import subprocess
import sys
import time

import pytest

from autograder.sandbox import reap, watch
from autograder.sandbox.processes import children, descendants, listed_descendants, look_at
from autograder.sandbox.reap import become_subreaper, has_children, kill_descendants
from autograder.sandbox.unlinked_files import mapped_by

pytestmark = pytest.mark.repeated_without_root

TREE = """
import os, time
if os.fork() == 0 and os.fork() == 0:
    os.setsid()
print(flush=True)
time.sleep(60)
"""


@pytest.fixture
def tree():
    """The id of a process with a child and, in a session of its own, a grandchild."""
    process = subprocess.Popen([sys.executable, "-c", TREE], stdout=subprocess.PIPE)
    for _ in range(3):
        process.stdout.readline()
    below = descendants(process.pid)
    yield process.pid
    for one in [process.pid, *below]:
        os.kill(one, 9)
    process.communicate()


def test_the_kernels_lists_tell_the_same_as_a_look_at_every_process(tree):
    if not os.path.exists(f"/proc/{tree}/task/{tree}/children"):
        pytest.skip("this kernel keeps no lists of children")
    below = descendants(tree)
    [child] = [one for one in below if below - {one} == descendants(one)]
    assert len(below) == 2
    assert listed_descendants(tree) == below
    assert listed_descendants(tree, spare=[child]) == descendants(tree, spare=[child]) == set()
    assert listed_descendants(tree, keep=[child]) == descendants(tree, keep=[child])
    os.kill(child, 9)
    while descendants(tree, ended=False):
        time.sleep(0.01)
    assert listed_descendants(tree, ended=False) == set()
    assert listed_descendants(tree) == descendants(tree) == {child}


NAMED = """
import ctypes, mmap, os, sys, time
ctypes.CDLL(None).prctl(15, sys.argv[1].encode(), 0, 0, 0)
with open(f"file{sys.argv[1]}", "w+b") as file:
    file.truncate(4096)
    mapped = mmap.mmap(file.fileno(), 4096)
    os.unlink(file.name)
    print(os.fstat(file.fileno()).st_ino, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("name", ["python", "\x0bUid:", "\rUid:\t0 0 7", "\x0cRssAnon: x"])
def test_no_name_passes_for_a_line_of_the_kernels(name, tmp_path):
    command = [sys.executable, "-c", NAMED, name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=tmp_path) as process:
        try:
            inode = int(process.stdout.readline())
            living = look_at(process.pid)
            assert living.uid == os.geteuid() and 2**20 < living.memory < 2**30
            assert mapped_by(living.folder).files == {inode}
        finally:
            process.kill()


def test_a_watch_does_without_such_lists(tree, tmp_path, monkeypatch):
    monkeypatch.setattr(watch, "listed_descendants", lambda *arguments: set())
    monkeypatch.setattr(watch, "INTERVAL", 0)
    monkeypatch.setattr(watch, "FULL_INTERVAL", math.inf)
    one = watch.ResourceMonitor(tree, list, str(tmp_path), memory_bytes=1000, disk_bytes=1000)
    assert one.excess().endswith("of memory")


def test_a_child_of_one_that_ends_while_it_is_looked_at_is_not_overlooked(monkeypatch):
    become_subreaper()
    assert not has_children(spare=children())
    reading, writing = os.pipe()
    before = children()
    first = os.fork()
    if first == 0:
        if os.fork() == 0:
            time.sleep(60)
        os.read(reading, 1)
        os._exit(0)

    def children_just_before_one_ends():
        found = children()
        if first in found:
            os.write(writing, b"x")
            while first not in descendants(os.getpid()) - descendants(os.getpid(), ended=False):
                time.sleep(0.01)
        return found

    monkeypatch.setattr(reap, "children", children_just_before_one_ends)
    try:
        assert has_children(spare=before)
    finally:
        kill_descendants(spare=before)
        os.close(reading)
        os.close(writing)
