"""A branch leaves a process that stops and continues the worker and its other branches.

Earns: 2
Class: 14 16
Repeat: without root
"""

import contextlib
import os
import signal

from shapes.tools import daemon, family, until, worker


def disturb(lasts):
    own = os.getpid()
    while lasts():
        for process in family() - {own}:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGSTOP)
                if process != worker():
                    os.kill(process, signal.SIGCONT)


def square(x):
    daemon(disturb, seconds=12)
    for _ in range(40):
        with contextlib.suppress(OSError):
            os.kill(worker(), signal.SIGSTOP)
    for _ in until(0.2):
        pass
    return 2 * x
