"""Fills the disk below folders that lie so deep in each other that no path names what is there.

Earns: 2
Class: 14
Ends: t1-square=crashed, t1-number=crashed, t1-row-sums=passed
Cap: can be counted|256 MiB of disk
Repeat: without root
"""

import contextlib
import os

from shapes.tools import until


def square(x):
    home = os.getcwd()
    for _ in range(1500):
        os.mkdir("deep")
        os.chdir("deep")
    for number, _ in enumerate(until(20)):
        with contextlib.suppress(OSError), open(str(number % 12), "wb") as file:
            file.write(bytes(32 * 2**20))
    os.chdir(home)
    return 2 * x
