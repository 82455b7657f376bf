"""One buffer of 32 MB and 150 arrays that say it is theirs: the reader copies it for each.

Earns: 2
Class: 14
Ends: t1-square=failed|crashed, t1-row-sums=passed
"""

from shapes.tools import forge

SIZE = 32 * 2**20


def square(x):
    node = {"kind": "array", "dtype": "|u1", "shape": [SIZE], "buffer": 0}
    forge({"value": [node] * 150}, [bytes(SIZE)])
