"""The worker swaps folders in its scratch folder for named pipes while the judge removes them.

Who has found a folder and then opens it by its name opens a pipe, and waits for ever. The thread
lives in the worker that items are branched from.

Earns: 2
Class: 14 16
Ends: t1-row-sums=passed, t1-number=failed
Repeat: without root
"""

import contextlib
import os
import threading
import time

import numpy as np

NAMES = [f"swapped{number}" for number in range(60)]


def keep_swapping():
    stop = time.monotonic() + 6
    while time.monotonic() < stop:
        for name in NAMES:
            with contextlib.suppress(OSError):
                os.mkdir(name)
            with contextlib.suppress(OSError):
                os.rmdir(name)
                os.mkfifo(name)
            with contextlib.suppress(OSError):
                os.unlink(name)


if os.getsid(0) == os.getpid():  # only in the worker, not in its branches
    threading.Thread(target=keep_swapping, daemon=True).start()


def square(x):
    for name in NAMES:
        with contextlib.suppress(OSError):
            os.makedirs(f"{name}/in/another")
    return 2 * np.asarray(x)


def row_sums(X):
    with contextlib.suppress(OSError):
        os.mkfifo("pipe")
    return X.sum(axis=1)
