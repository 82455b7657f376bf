"""What all processes of a worker use together is bounded, and what they leave is removed."""

import os
import time
from pathlib import Path

import pytest

from autograder.rubric.student import Session, Student, StudentError
from autograder.sandbox import identity
from autograder.sandbox.process import Zygote
from autograder.sandbox.wire import WireStopped


@pytest.fixture(scope="module")
def zygote():
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture
def shapes(zygote, make_job):
    workers = []

    def serve(source, **limits):
        job = make_job({"shapes.py": source}, **limits)
        worker = zygote.open(job)
        workers.append(worker)
        session = Session(
            lambda request: worker.ask(request, time.monotonic() + 20), Path(job.folder)
        )
        return Student(session).shapes

    yield serve
    for worker in workers:
        worker.close()


def test_memory_is_bounded_over_all_processes(shapes):
    source = """
import os, time
def f():
    for _ in range(8):
        if os.fork() == 0:
            block = bytearray(100 * 2**20)
            for i in range(0, len(block), 4096): block[i] = 1
            time.sleep(15); os._exit(0)
    time.sleep(15)
"""
    with pytest.raises(WireStopped, match=r"0\.5 GiB of memory"):
        shapes(source, memory_bytes=2**29).f()


def test_the_number_of_processes_is_bounded(shapes):
    source = """
import os, time
def f():
    for _ in range(120):
        if os.fork() == 0:
            time.sleep(15); os._exit(0)
    time.sleep(15)
"""
    # Each fork counts the interpreter's memory again; that limit must not be what is met first.
    with pytest.raises((WireStopped, StudentError), match=r"64 processes|BlockingIOError"):
        shapes(source, memory_bytes=8 * 2**30).f()


def test_disk_is_bounded_over_all_files(shapes):
    source = """
import time
def f():
    for number in range(12):
        with open(f"{number}", "wb") as file: file.write(bytes(40 * 2**20))
    time.sleep(15)
"""
    with pytest.raises(WireStopped, match="256 MiB of disk"):
        shapes(source).f()


def test_the_number_of_files_is_bounded(shapes):
    source = """
import time
def f():
    for number in range(6000): open(f"{number}", "w").close()
    time.sleep(15)
"""
    with pytest.raises(WireStopped, match="5,000 files"):
        shapes(source).f()


def test_a_folder_without_rights_or_without_end_can_be_removed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(1500):  # far deeper than a path can name
            os.mkdir("deeper")
            os.chdir("deeper")
    finally:
        os.chdir(here)
    (folder / "closed").mkdir(mode=0o000)
    identity.remove_tree(str(folder))
    assert not folder.exists()


def test_every_lease_is_of_another_id():
    leases = [identity.lease_uid() for _ in range(3)]
    assert len({lease.uid for lease in leases}) == 3
    for lease in leases:
        lease.socket.close()
    again = identity.lease_uid()
    assert again.uid == leases[0].uid
    again.socket.close()


def test_a_closed_folder_on_the_way_is_found(tmp_path):
    place = tmp_path / "closed" / "python"
    place.mkdir(parents=True)
    tmp_path.joinpath("closed").chmod(0o700)
    assert identity.closed_on_the_way(str(place)) != ""
    assert identity.closed_on_the_way("/usr/bin") == ""
