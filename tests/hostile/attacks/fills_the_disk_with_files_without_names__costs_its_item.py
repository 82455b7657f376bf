"""Files of 30 MB that are removed while they are open: they use the disk and stand nowhere.

Earns: 2
Class: 14
Ends: t1-square=crashed, t1-row-sums=passed
Cap: 256 MiB of disk
Repeat: without root
"""

import os

from shapes.tools import silence


def square(x):
    kept = []
    for number in range(25):
        kept.append(os.open(f"{number}", os.O_CREAT | os.O_RDWR))
        os.unlink(f"{number}")
        os.write(kept[-1], b"x" * (30 * 10**6))
    silence()
