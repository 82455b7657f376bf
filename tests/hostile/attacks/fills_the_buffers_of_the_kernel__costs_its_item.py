"""Pairs of sockets and pipes with all that goes into them: memory that no process is said to hold.

Earns: 2
Class: 14
Ends: t1-row-sums=passed
Repeat: without root
"""

import contextlib
import os
import socket

KEPT = []


def square(x):
    with contextlib.suppress(OSError):
        for _ in range(500):
            pair = socket.socketpair()
            KEPT.append(pair)
            for one in pair:
                one.setblocking(False)
                with contextlib.suppress(PermissionError):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        os.write(one.fileno(), b"x" * 2**16)
    return 2 * x
