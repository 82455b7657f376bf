"""What the kernel keeps for a worker counts as its memory, and threads count as its processes."""

import os
import time
from functools import partial
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentError, StudentProxy
from autograder.sandbox.channel import ChannelStopped
from autograder.sandbox.client import Zygote
from autograder.sandbox.processes import look_at
from autograder.sandbox.unlinked_files import held_by, mapped_by
from autograder.sandbox.watch import MAX_TASKS

pytestmark = pytest.mark.repeated_without_root

WAIT = """
import contextlib, ctypes, os, select, socket, threading, time
KEPT = []
"""
SOCKETS = f"""{WAIT}
def fill(message):
    with contextlib.suppress(OSError):
        while True:
            pair = socket.socketpair()
            KEPT.append(pair)
            for one in pair:
                one.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True: one.send(message)
def f(processes):
    for _ in range(processes):
        if os.fork() == 0:
            fill(b"x" * 2**15)
            time.sleep(15)
            os._exit(0)
    time.sleep(15)
"""
PIPES = f"""{WAIT}
def f(processes):
    for _ in range(processes):
        if os.fork() == 0:
            with contextlib.suppress(OSError):
                while True:
                    reading, writing = os.pipe()
                    os.set_blocking(writing, False)
                    KEPT.append(reading)
                    with contextlib.suppress(BlockingIOError):
                        while True: os.write(writing, bytes(4096))
                    os.close(writing)
            time.sleep(15)
            os._exit(0)
    time.sleep(15)
"""
EPOLLS = f"""{WAIT}
def f(processes):
    for _ in range(processes):
        if os.fork() == 0:
            watched = [os.eventfd(0) for _ in range(100)]
            for _ in range(100):
                KEPT.append(select.epoll())
                for one in watched: KEPT[-1].register(one)
            time.sleep(15)
            os._exit(0)
    time.sleep(15)
"""
PIECES = f"""{WAIT}
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
def f(processes):
    start = libc.mmap(None, 4096 * 70_000, 3, 0x22, -1, 0)
    for place in range(start, start + 4096 * 60_000, 8192): libc.mprotect(place, 4096, 1)
    for _ in range(processes):
        if os.fork() == 0:
            time.sleep(15)
            os._exit(0)
    time.sleep(15)
"""
# Each process inherits the pieces from the one before, and the kernel keeps the way they came.
INHERITED = f"""{WAIT}
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
PAGES = 12_000
def f(processes):
    start = libc.mmap(None, 4096 * PAGES, 3, 0x22, -1, 0)
    libc.madvise(start, 4096 * PAGES, 15)
    ctypes.memset(start, 1, 4096 * PAGES)
    for place in range(start, start + 4096 * PAGES, 8192): libc.mprotect(place, 4096, 1)
    for _ in range(processes):
        if os.fork(): break
        for place in range(start + 4096, start + 4096 * PAGES, 65536): ctypes.memset(place, 2, 1)
    time.sleep(15)
"""
THREADS = f"""{WAIT}
threading.stack_size(2**16)
libc = ctypes.CDLL(None)
libc.mallopt(-8, 1)  # one pool of memory for all threads
def f(processes, threads):
    for _ in range(processes):
        if os.fork() == 0:
            with contextlib.suppress(RuntimeError):
                for _ in range(threads):
                    threading.Thread(target=time.sleep, args=(15,), daemon=True).start()
            time.sleep(15)
            os._exit(0)
    time.sleep(15)
def in_one(threads):
    for _ in range(threads):
        threading.Thread(target=time.sleep, args=(15,), daemon=True).start()
    time.sleep(15)
"""


@pytest.fixture(scope="module")
def zygote():
    zygote = Zygote()
    yield zygote
    zygote.close()


@pytest.fixture
def open_worker(zygote, make_job):
    workers = []

    def serve(source, **limits):
        job = make_job({"shapes.py": source}, **limits)
        workers.append(zygote.open(job))
        ask = partial(workers[-1].ask, deadline=time.monotonic() + 30)
        return StudentProxy(StudentConnection(ask, Path(job.folder))).shapes

    yield serve
    for worker in workers:
        worker.close()


@pytest.mark.parametrize(
    ("source", "processes"),
    [(SOCKETS, 12), (PIPES, 30), (EPOLLS, 30), (PIECES, 20), (INHERITED, 30)],
)
def test_what_the_kernel_keeps_counts_as_memory(open_worker, source, processes):
    shapes = open_worker(source, memory_bytes=320 * 2**20, address_bytes=2**31)
    with pytest.raises(ChannelStopped, match=r"0\.3125 GiB of memory"):
        shapes.f(processes)


def test_a_few_sockets_and_pipes_are_no_excess(open_worker):
    source = f"""{WAIT}
def f():
    KEPT.extend(socket.socketpair() for _ in range(20))
    KEPT.extend(os.pipe() for _ in range(40))
    time.sleep(1.5)
    return len(KEPT)
"""
    assert open_worker(source, memory_bytes=320 * 2**20).f() == 60


def test_threads_count_over_all_processes(open_worker):
    with pytest.raises(ChannelStopped, match=f"{MAX_TASKS} processes and threads"):
        open_worker(THREADS).f(8, 80)


def test_thousands_of_threads_of_one_process_are_told_as_too_many(open_worker):
    with pytest.raises((ChannelStopped, StudentError), match=f"{MAX_TASKS} processes and threads"):
        open_worker(THREADS).in_one(5000)


def test_threads_count_of_a_process_whose_first_one_has_ended():
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        import ctypes
        import threading

        def work():
            time.sleep(0.1)
            os.write(writing, b".")
            time.sleep(15)

        for _ in range(7):
            threading.Thread(target=work, daemon=True).start()
        ctypes.CDLL(None).pthread_exit(None)
        os._exit(1)
    try:
        for _ in range(7):
            os.read(reading, 1)
        assert look_at(child).threads in (7, 8)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)


def test_memory_that_is_shared_by_the_zero_device_is_noticed():
    import mmap

    with open("/dev/zero", "rb") as zeros:
        shared = mmap.mmap(zeros.fileno(), 2**20, prot=mmap.PROT_READ)
        assert mapped_by(f"/proc/{os.getpid()}").shares_zeros
        shared.close()
    assert not mapped_by(f"/proc/{os.getpid()}").shares_zeros


def test_descriptors_count_once_where_processes_share_them():
    import socket

    with socket.socket(socket.AF_UNIX) as one:
        before = held_by(f"/proc/{os.getpid()}").buffers
        twice = os.dup(one.fileno())
        after = held_by(f"/proc/{os.getpid()}").buffers
        os.close(twice)
    assert before == after
    assert any(buffer.size > 200_000 for buffer in before)
