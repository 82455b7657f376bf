"""What all processes of a worker use together is bounded, and what they leave is removed."""

import ctypes
import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentError, StudentProxy
from autograder.sandbox import identity, watch
from autograder.sandbox.channel import ChannelStopped
from autograder.sandbox.client import Zygote
from autograder.sandbox.unlinked_files import eyes_of

from .child import PLAIN_UID, in_child

pytestmark = pytest.mark.repeated_without_root

SYS_PTRACE = 19


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
        session = StudentConnection(
            lambda request: worker.ask(request, time.monotonic() + 20), Path(job.folder)
        )
        return StudentProxy(session).shapes

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
    with pytest.raises(ChannelStopped, match=r"0\.5 GiB of memory"):
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
    with pytest.raises((ChannelStopped, StudentError), match=r"64 processes|BlockingIOError"):
        shapes(source).f()


def test_memory_that_was_reserved_and_only_looked_into_counts_by_its_tables(shapes):
    source = """
import ctypes, time
map_memory = ctypes.CDLL(None).mmap
map_memory.restype = ctypes.c_void_p
map_memory.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
def f():
    start = map_memory(None, 60 * 2**30, 1, 0x4022, -1, 0)  # private, no file, nothing set aside
    for place in range(0, 60 * 2**30, 2**21):
        ctypes.c_char.from_address(start + place).value
    time.sleep(15)
"""
    with pytest.raises(ChannelStopped, match="of memory"):
        shapes(source, memory_bytes=100 * 2**20, address_bytes=64 * 2**30).f()


def test_disk_is_bounded_over_all_files(shapes):
    source = """
import time
def f():
    for number in range(12):
        with open(f"{number}", "wb") as file: file.write(bytes(40 * 2**20))
    time.sleep(15)
"""
    with pytest.raises(ChannelStopped, match="256 MiB of disk"):
        shapes(source).f()


NAMELESS = """
import os, time
KEPT = []
def f():
    for number in range(12):
        KEPT.append(os.open(f"{number}", os.O_CREAT | os.O_RDWR))
        os.unlink(f"{number}")
        os.write(KEPT[-1], bytes(40 * 2**20))
    time.sleep(15)
def fits():
    for number in range(4):
        KEPT.append(open(f"{number}", "wb"))
        os.unlink(f"{number}")
        KEPT[-1].write(bytes(40 * 2**20))
    time.sleep(1)
"""


def test_files_without_names_count(shapes):
    with pytest.raises(ChannelStopped, match="256 MiB of disk"):
        shapes(NAMELESS).f()
    shapes(NAMELESS).fits()


def test_files_without_names_count_where_root_may_not_trace(make_job):
    job = make_job({"shapes.py": NAMELESS})

    def outcome():
        zygote = Zygote()
        try:
            worker = zygote.open(job)
            ask = partial(worker.ask, deadline=time.monotonic() + 20)
            StudentProxy(StudentConnection(ask, Path(job.folder))).shapes.f()
        except ChannelStopped as stopped:
            return f"{worker.report.layers['watch']}: {stopped}"
        finally:
            zygote.close()

    assert without_right_to_trace(outcome) == "active: 256 MiB of disk"


def without_right_to_trace(function):
    """What a function returns in a process as Docker starts them: root may not trace others."""

    def limited():
        if os.geteuid() == 0:
            give_up(SYS_PTRACE)
        return function()

    return in_child(limited)


def give_up(capability):
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(24, capability, 0, 0, 0) == 0  # of what a program that is executed gets
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    for number in range(3):
        sets[number] &= ~(1 << capability)
    assert libc.capset(header, sets) == 0


def test_where_files_cannot_be_seen_the_watch_is_said_to_be_absent(zygote, make_job, monkeypatch):
    def refuse(folder):
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(watch, "ensure_visible", refuse)
    worker = zygote.open(make_job({"shapes.py": ""}))
    worker.close()
    assert worker.report.layers["watch"].startswith("absent: the files that a worker holds open")


def test_who_hides_its_files_is_stopped(shapes, monkeypatch):
    source = "import time\ndef f(): time.sleep(15)"
    function = shapes(source).f

    def refuse(folder):
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(watch, "held_by", refuse)
    with pytest.raises(ChannelStopped, match="can be counted, because it hides the files"):
        function()


@pytest.mark.skipif(os.geteuid() == 0, reason="root looks into every folder")
def test_a_folder_that_hides_its_files_is_noticed(shapes):
    source = """
import os, time
def f():
    os.mkdir("closed", 0o300)
    time.sleep(15)
"""
    with pytest.raises(ChannelStopped, match="can be counted, because it hides files"):
        shapes(source).f()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can look as somebody else")
def test_a_look_as_somebody_else_leaves_no_trace(tmp_path):
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    libc, death = ctypes.CDLL(None), ctypes.c_int()

    def look():
        libc.prctl(1, signal.SIGUSR1, 0, 0, 0)
        with pytest.raises(PermissionError), eyes_of(PLAIN_UID):
            secret.read_bytes()
        libc.prctl(2, ctypes.byref(death), 0, 0, 0)
        ids = Path("/proc/self/status").read_text().split("Uid:")[1].splitlines()[0].split()
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        return secret.read_text(), ids, death.value == signal.SIGUSR1, sorted(blocked)

    assert without_right_to_trace(look) == ["", ["0"] * 4, True, []]


def test_the_number_of_files_is_bounded(shapes):
    source = """
import time
def f():
    for number in range(6000): open(f"{number}", "w").close()
    time.sleep(15)
"""
    with pytest.raises(ChannelStopped, match="5,000 files"):
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


def test_a_folder_too_deep_is_left_while_others_may_be_at_work_in_it(tmp_path):
    deep = tmp_path / "folder" / "/".join("d" * 200)
    deep.mkdir(parents=True)
    with pytest.raises(OSError, match="too long"):
        identity.remove_while_in_use(str(tmp_path / "folder"))
    assert deep.exists()


def test_a_link_is_removed_and_not_followed(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    for remove in (identity.remove_tree, identity.remove_while_in_use):
        (tmp_path / "link").symlink_to(tmp_path / "folder")
        remove(str(tmp_path / "link"))
    assert [*tmp_path.rglob("*")] == [tmp_path / "folder", tmp_path / "folder" / "file"]


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
