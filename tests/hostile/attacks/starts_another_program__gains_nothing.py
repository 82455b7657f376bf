"""subprocess, os.system, posix_spawn, execve, fexecve from memory, and the loader itself.

Earns: 2
Class: 2 14
Repeat: without root
"""

import os
import subprocess
import sys

from shapes.tools import answer, syscall, works

PROGRAM = [sys.executable, "-c", "pass"]


def by_memory():
    file = os.memfd_create("program")
    with open("/bin/true", "rb") as program:
        os.write(file, program.read())
    if os.fork() == 0:
        try:
            os.execve(file, ["true"], {})
        finally:
            os._exit(1)
    assert os.wait()[1] == 0


def by_number():
    if os.fork() == 0:
        try:
            syscall(322, -100, b"/bin/true", 0, 0, 0)  # execveat
        finally:
            os._exit(1)
    assert os.wait()[1] == 0


def by_system():
    assert os.system("true") == 0


def by_loader():
    process = os.posix_spawn("/lib64/ld-linux-x86-64.so.2", ["ld", "/bin/true"], {})
    assert os.waitpid(process, 0)[1] == 0


def square(x):
    ways = (lambda: subprocess.run(PROGRAM, check=True), by_system, by_memory, by_loader, by_number)
    return answer(x, lambda: next(way for way in ways if works(way)))
