"""The process that loaded the module takes as much memory as an item's that waits for its turn.

What such a process shares with the one it comes from counts once; here they share nothing.

Earns: 4.33
Class: 14 16
Ends: t1-row-sums=crashed
Cap: 1 GiB of memory
Repeat: without root
"""

import contextlib
import os
import signal
import threading
import time

from shapes.tools import family, until, worker

held = []


def take(*arguments):
    held.append(b"x" * (600 * 2**20))


def take_later():
    time.sleep(1)
    take()


signal.signal(signal.SIGUSR1, take)


def square(x):
    if not threading.active_count() > 1 and os.getpid() != worker():
        threading.Thread(target=take_later, daemon=True).start()
    return x * x


def row_sums(X):
    os.kill(worker(), signal.SIGUSR1)
    for process in family() - {os.getpid()}:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGCONT)
    for _ in until(6):
        time.sleep(0.1)
    return X.sum(axis=1)
