"""One item continues the process of another, which was stopped, and that one takes memory.

Earns: 4
Class: 14 16
Ends: t1-row-sums=crashed
Cap: 1 GiB of memory
"""

import contextlib
import os
import signal
import threading
import time

from shapes.tools import family, until


def eat():
    time.sleep(1)
    for _ in range(7):
        if os.fork() == 0:
            held = b"x" * (700 * 2**20)
            for _ in until(8):
                time.sleep(0.1)
            os._exit(len(held) % 1)


def square(x):
    if not threading.active_count() > 1:
        threading.Thread(target=eat, daemon=True).start()
    return x * x


def row_sums(X):
    for process in family() - {os.getpid()}:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGCONT)
    for _ in until(6):
        time.sleep(0.1)
    return X.sum(axis=1)
