"""Netlink, kernel crypto, virtual machines, packets, raw, bluetooth: by their numbers.

Earns: 2
Class: 9
Repeat: without root
"""

import contextlib
import socket

from shapes.tools import answer

# netlink, crypto, vsock, packet, bluetooth, can, tipc, rds, key, xdp, qipcrtr
FAMILIES = (16, 38, 40, 17, 31, 29, 30, 21, 15, 44, 42)


def open_one():
    for family in FAMILIES:
        for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            with contextlib.suppress(OSError), socket.socket(family, kind):
                return
    with contextlib.suppress(OSError), socket.socket(2, socket.SOCK_RAW, socket.IPPROTO_ICMP):
        return
    with contextlib.suppress(OSError), socket.socket(2, socket.SOCK_DGRAM, socket.IPPROTO_ICMP):
        return
    raise PermissionError


def square(x):
    return answer(x, open_one)
