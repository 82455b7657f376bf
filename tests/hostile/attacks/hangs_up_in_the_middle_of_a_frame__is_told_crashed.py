"""Sends half an answer and closes the wire.

Earns: 2
Class: 10
Ends: t1-square=crashed|timeout, t1-row-sums=passed
"""

import os

from shapes.tools import frame, raw, silence, sockets


def square(x):
    raw(frame({"value": 1.0})[:-3])
    for number in sockets():
        os.close(number)
    silence()
