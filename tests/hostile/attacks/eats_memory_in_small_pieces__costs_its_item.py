"""Lists of small objects, up to 2 GB.

Earns: 2
Class: 14
Ends: t1-square=failed|crashed|timeout, t1-row-sums=passed
"""

from shapes.tools import until


def square(x):
    kept = []
    for _ in until(8):
        if len(kept) < 2000:
            kept.append(bytearray(b"x" * 2**20))
    raise MemoryError(f"{len(kept)} MB")
