"""Has the kernel reap the worker's branches, and starts processes until their ids come again.

Earns: 2
Class: 14 16
Repeat: without root
"""

import contextlib
import os
import signal
import sys

signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def square(x):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in range(2000):
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                os._exit(0)
    os.kill(os.getppid(), signal.SIGCONT)
    sys.exit(3) if getattr(x, "size", 1) > 100 else None
    return 2 * x
