"""Opens the files of the banned package by spellings of their path that a filter may overlook.

Earns: 2
Class: 2 3
"""

import os
import sys

from shapes.tools import LIBC, answer


def read():
    for folder in sys.path:
        place = os.path.join(folder, "click", "core.py")
        if os.path.exists(place):
            break
    try:
        with open(place.encode(), "rb") as file:
            assert b"click" in file.read()
            return
    except (OSError, ImportError):
        pass
    descriptor = LIBC.open(place.encode(), os.O_RDONLY)
    assert descriptor >= 0 and os.read(descriptor, 10)


def square(x):
    return answer(x, read)
