"""A forged error whose class name, message and function names are megabytes long.

Earns: 2
Class: 14 17
Ends: t1-square=failed|crashed, t1-row-sums=passed
"""

from shapes.tools import forge

LONG = "A" * (4 * 2**20)


def square(x):
    forge({"error": {"type": LONG, "message": LONG, "frames": [["shapes/area.py", 1, LONG]]}})
