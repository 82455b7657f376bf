"""Counts what it holds: the wire and three times nothing; everything else would be a gift.

Earns: 2
Class: 8
Repeat: without root
"""

import fcntl
import os
import stat

from shapes.tools import answer


def unexpected():
    found = []
    for number in range(256):
        try:
            mode = os.fstat(number).st_mode
        except OSError:
            continue
        names_a_path_only = fcntl.fcntl(number, fcntl.F_GETFL) & os.O_PATH
        if not (stat.S_ISCHR(mode) and number < 3) and not names_a_path_only:
            found.append(mode)
    kinds = [mode for mode in found if not stat.S_ISSOCK(mode)]
    assert kinds or len(found) > 1


def square(x):
    return answer(x, unexpected)
