"""Whiteouts, names that cannot be read, folders in folders that move while they are removed.

Earns: 2
Class: 5 14
Repeat: without root
"""

import contextlib
import os

from shapes.tools import LIBC, MARK, daemon


def move(lasts):
    while lasts():
        with contextlib.suppress(OSError):
            os.mkdir(f"{MARK}-a")
            os.makedirs(f"{MARK}-a/b/c/d")
        with contextlib.suppress(OSError):
            os.rename(f"{MARK}-a/b", f"{MARK}-b")
            os.rename(f"{MARK}-b", f"{MARK}-a/b")


def square(x):
    for number in range(50):
        name = os.fsencode(MARK) + bytes([1 + number, 255, 10, 34, 254])
        with contextlib.suppress(OSError):
            os.mkdir(name)
            os.symlink(b"/" + b"x" * 3000, name + b"/link")
        with contextlib.suppress(OSError):
            open(name + b"-file", "w").close()
        LIBC.syscall(316, -100, name + b"-file", -100, name + b"-moved", 4)  # RENAME_WHITEOUT
    daemon(move, seconds=6)
    deep = MARK
    here = os.getcwd()
    with contextlib.suppress(OSError):
        for _ in range(90):
            os.mkdir(deep)
            os.chdir(deep)
    os.chdir(here)
    return 2 * x
