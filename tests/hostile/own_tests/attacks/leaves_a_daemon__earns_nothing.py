"""Leaves a process that would tell later runs what earlier ones had, and fails without it."""

import os
import socket
import time


def test_daemon():
    if os.fork() == 0:
        os.setsid()
        try:
            server = socket.socket(socket.AF_UNIX)
            server.bind("\0@MARK@")
        except OSError:
            pass
        stop = time.monotonic() + 20
        while time.monotonic() < stop:
            time.sleep(0.1)
        os._exit(0)
