"""Files of 30 MB that are removed, sent into a socket that nobody reads, and closed: no folder and
no list of open files counts them.

Earns: 2
Class: 14
Ends: t1-square=failed|crashed, t1-row-sums=passed
Repeat: without root
"""

import os
import socket

from shapes.tools import silence


def square(x):
    ours, theirs = socket.socketpair()
    for number in range(25):
        file = os.open(f"{number}", os.O_CREAT | os.O_RDWR)
        os.unlink(f"{number}")
        os.write(file, b"x" * (30 * 10**6))
        socket.send_fds(ours, [b"x"], [file])
        os.close(file)
    silence()
    theirs.close()
