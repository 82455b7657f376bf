"""Processes that ask for signals when their parents end, so that they go on or stop others then.

Earns: 2
Class: 5 14 16
Repeat: without root
"""

import contextlib
import os
import signal
import time

from shapes.tools import LIBC, MARK, worker


def square(x):
    for number in (signal.SIGCONT, signal.SIGSTOP, signal.SIGUSR1, 0):
        if os.fork() == 0:
            LIBC.prctl(15, MARK[:15].encode(), 0, 0, 0)
            LIBC.prctl(1, int(number), 0, 0, 0)
            for one in (signal.SIGUSR1, signal.SIGTERM, signal.SIGHUP):
                signal.signal(one, lambda *_: os.fork() or time.sleep(5))
            if os.fork() == 0:
                os.setsid()
                LIBC.prctl(1, int(signal.SIGCONT), 0, 0, 0)
                while os.getppid() != 1 and time.sleep(0.01) is None:
                    with contextlib.suppress(OSError):
                        os.kill(worker(), signal.SIGCONT)
                    if time.monotonic() - STARTED > 12:
                        break
                os._exit(0)
            time.sleep(8)
            os._exit(0)
    return 2 * x


STARTED = time.monotonic()
