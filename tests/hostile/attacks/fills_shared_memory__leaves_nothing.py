"""Half a gigabyte in /dev/shm, in files of 32 MB.

Earns: 2
Class: 14 16
Ends: t1-row-sums=passed
Repeat: without root
"""

import contextlib

from shapes.tools import MARK


def square(x):
    with contextlib.suppress(OSError):
        for number in range(16):
            with open(f"/dev/shm/{MARK}-{number}", "wb") as file:
                file.write(b"x" * 2**25)
    return 2 * x
