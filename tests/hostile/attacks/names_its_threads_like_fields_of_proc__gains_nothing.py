"""Threads and processes whose names look like lines and fields of /proc, to hide what they hold.

Earns: 2
Class: 14 17
Ends: t1-square=crashed
Cap: 1 GiB of memory
Repeat: without root
"""

import os
import threading
import time

import numpy as np
from shapes.tools import LIBC

NAMES = (b"a) Z 1 1 1\n", b"\nThreads: 1\n", b"\nRssAnon: 0\n", b"x\nUid: 0 0\n", b")\xff\x85 T")


def square(x):
    for number in range(8):
        if os.fork() == 0:
            LIBC.prctl(15, NAMES[number % 5], 0, 0, 0)
            kept = np.ones(2**24 + 2**22)
            threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
            time.sleep(20)
            os._exit(len(kept) % 2)
    time.sleep(20)
    return 2 * x
