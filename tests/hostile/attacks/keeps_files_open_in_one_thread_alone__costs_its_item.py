"""A thread that takes a list of open files of its own, and then files of 30 MB that are removed
while they are open: the list of the process does not count them.

Earns: 2
Class: 14
Ends: t1-square=failed|crashed, t1-row-sums=passed
Repeat: without root
"""

import os
import threading

from shapes.tools import silence, syscall

NOWHERE, UNSHARE = 1_000_000, 2


def fill():
    syscall(436, NOWHERE, NOWHERE, UNSHARE)  # close_range
    for number in range(25):
        file = os.open(f"{number}", os.O_CREAT | os.O_RDWR)
        os.unlink(f"{number}")
        os.write(file, b"x" * (30 * 10**6))
    silence()


def square(x):
    thread = threading.Thread(target=fill)
    thread.start()
    thread.join()
    return 2 * x
