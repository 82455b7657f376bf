"""Raises from code that says it comes from a file with a null byte in its name.

Earns: 2
Class: 8 17
Ends: t1-square=failed, t1-number=failed, t1-row-sums=passed
"""

import os


def fails(x):
    raise ValueError("where am I?")


PLACE = os.path.join(os.path.dirname(__file__), "\0.py")
square = type(fails)(fails.__code__.replace(co_filename=PLACE), globals())
