"""Shared pages that are taken out of the tables of each process, and so out of what it is said to
hold, but stay in memory: 1.8 GB in three processes.

Earns: 2
Class: 14
Ends: t1-square=failed|crashed, t1-row-sums=passed
Repeat: without root
"""

import mmap
import os

from shapes.tools import silence

SIZE = 10 * 2**20


def square(x):
    for _ in range(2):
        if os.fork() == 0:
            break
    kept = []
    for _ in range(60):
        kept.append(mmap.mmap(-1, SIZE))
        kept[-1].write(b"x" * SIZE)
        kept[-1].madvise(mmap.MADV_DONTNEED)
    silence()
