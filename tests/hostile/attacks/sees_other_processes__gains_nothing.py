"""Command lines, folders, environments and open files of all processes, by /proc.

Earns: 2
Class: 8
Repeat: without root
"""

import os

from shapes.tools import answer, family


def see():
    own = family()
    for process in range(1, 40_000):
        if process in own:
            continue
        for name in ("environ", "cmdline", "maps", "mem", "syscall"):
            try:
                with open(f"/proc/{process}/{name}", "rb") as file:
                    if file.read(1):
                        return
            except OSError:
                continue
        for name in ("cwd", "exe", "root"):
            try:
                os.readlink(f"/proc/{process}/{name}")
            except OSError:
                continue
            return
    raise PermissionError


def square(x):
    return answer(x, see)
