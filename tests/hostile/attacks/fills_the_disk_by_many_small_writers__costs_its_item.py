"""Forty processes each write a file without a name, at the same time.

Earns: 2
Class: 14
Ends: t1-square=crashed
Cap: 256 MiB of disk|1 GiB of memory
Repeat: without root
"""

import os
import time

from shapes.tools import MARK


def square(x):
    for number in range(40):
        if os.fork() == 0:
            file = os.open(f"{MARK}{number}", os.O_RDWR | os.O_CREAT)
            os.unlink(f"{MARK}{number}")
            for _ in range(30):
                os.write(file, bytes(2**20))
            time.sleep(20)
            os._exit(0)
    time.sleep(20)
    return 2 * x
