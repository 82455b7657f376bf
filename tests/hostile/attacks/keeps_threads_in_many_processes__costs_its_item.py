"""A dozen processes of sixty threads each: no process has many, and there are few processes.

Earns: 2
Class: 14
Ends: t1-square=crashed, t1-row-sums=passed
Cap: 512 processes and threads
Repeat: without root
"""

import contextlib
import os
import threading
import time

from shapes.tools import LIBC

LIBC.mallopt(-8, 1)  # one pool of memory for all threads


def square(x):
    threading.stack_size(2**16)
    for _ in range(12):
        if os.fork() == 0:
            with contextlib.suppress(RuntimeError):
                for _ in range(60):
                    threading.Thread(target=time.sleep, args=(15,), daemon=True).start()
            time.sleep(15)
            os._exit(0)
    time.sleep(15)
    return 2 * x
