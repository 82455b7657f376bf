"""A thread writes random bytes and whole frames between the worker's own.

Earns: 2
Class: 5 7
"""

import os
import threading
import time

from shapes.tools import frame, raw, until


def scribble():
    for _ in until(4):
        raw(frame({"value": True}))
        raw(os.urandom(64))
        time.sleep(0.001)


def square(x):
    threading.Thread(target=scribble, daemon=True).start()
    return 2 * x
