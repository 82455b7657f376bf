"""Threads in generations, in processes whose first thread has ended: each look sees other ones.

Earns: 2
Class: 14
Ends: t1-square=crashed, t1-row-sums=passed
Cap: 512 processes and threads|64 processes
"""

import contextlib
import ctypes
import os
import threading
import time

from shapes.tools import LIBC, until

LIBC.mallopt(-8, 1)  # one pool of memory for all threads


def go_on(stop):
    with contextlib.suppress(RuntimeError):
        while time.monotonic() < stop:
            threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
            time.sleep(0.002)


def square(x):
    threading.stack_size(2**16)
    stop = time.monotonic() + 14
    for _ in range(4):
        if os.fork() == 0:
            threading.Thread(target=go_on, args=(stop,)).start()
            ctypes.CDLL(None).pthread_exit(None)
    for _ in until(15):
        time.sleep(0.1)
    return 2 * x
