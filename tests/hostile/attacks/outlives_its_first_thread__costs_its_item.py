"""Processes whose first threads end, so that they look as if they had ended, while others go on:
they hold 1.2 GB of memory, and 1.2 GB of files that are removed while they are open.

Earns: 2
Class: 14
Ends: t1-square=crashed, t1-row-sums=passed
Cap: 1 GiB of memory|256 MiB of disk
Repeat: without root
"""

import os
import threading
import time

from shapes.tools import silence, syscall

EXIT = 60 if os.uname().machine == "x86_64" else 93
KEPT = []


def hold(number):
    time.sleep(0.1)
    KEPT.append(bytearray(b"x") * (300 * 10**6))
    for part in range(10):
        name = f"{number}-{part}"
        KEPT.append(os.open(name, os.O_CREAT | os.O_RDWR))
        os.unlink(name)
        os.write(KEPT[-1], b"x" * (30 * 10**6))
    silence()


def square(x):
    for number in range(4):
        if os.fork() == 0:
            threading.Thread(target=hold, args=(number,)).start()
            syscall(EXIT, 0)
    silence()
