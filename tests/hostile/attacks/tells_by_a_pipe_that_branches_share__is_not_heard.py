"""Pipes, counters and views of a file that the worker opened for all of its branches.

What has seen hidden inputs writes; what runs later and shows words would read.

Secrets: twice
Earns: 2
Class: 9 16
Repeat: without root
"""

import contextlib
import mmap
import os
import socket

import numpy as np
from shapes.tools import MARK

READING, WRITING = os.pipe()
os.set_blocking(READING, False)
COUNTER = os.eventfd(0, os.EFD_NONBLOCK)
ONE, OTHER = socket.socketpair()
OTHER.setblocking(False)
NUMBER = os.open(f"{MARK}-view", os.O_RDWR | os.O_CREAT)
os.ftruncate(NUMBER, 4096)
VIEW = mmap.mmap(NUMBER, 4096)


def square(x):
    words = repr(x).encode()
    os.write(WRITING, words)
    os.eventfd_write(COUNTER, int(np.ravel(x)[0] * 1000) + 1)
    ONE.send(words)
    VIEW[: len(words)] = words[:4096]
    return 2 * x


def row_sums(X):
    heard = []
    for read in (
        lambda: os.read(READING, 4096),
        lambda: os.eventfd_read(COUNTER),
        lambda: OTHER.recv(4096),
        lambda: bytes(VIEW[:200]).rstrip(b"\0"),
    ):
        with contextlib.suppress(OSError):
            heard.append(read())
    if len(X) != 3 and any(heard):
        raise ValueError(f"heard {heard}")
    return X.sum(axis=1)
