"""Error lines from a file that grew to a gigabyte after it was handed in.

Earns: 2
Class: 14 16
Ends: t1-square=failed, t1-row-sums=passed
Repeat: without root
"""

import contextlib


def square(x):
    with contextlib.suppress(OSError), open(__file__, "r+") as file:
        file.truncate(2**30)
    raise ValueError("read my line")
