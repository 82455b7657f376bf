"""TCP and UDP over IPv4 and IPv6, to this machine only.

Earns: 2
Class: 9
Repeat: without root
"""

import contextlib
import socket

from shapes.tools import answer


def open_one():
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with contextlib.suppress(OSError), socket.socket(family, kind) as mine:
                mine.bind((host, 0))
                return
    raise PermissionError


def square(x):
    return answer(x, open_one)
