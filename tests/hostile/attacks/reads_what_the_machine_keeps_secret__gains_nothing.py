"""Passwords, keys, homes and logs of the machine; other people's files in /tmp.

Earns: 2
Class: 8
Repeat: without root
"""

import glob
import os

from shapes.tools import answer

PLACES = ("/etc/shadow", "/etc/passwd", "/root", "/home", "/var/log", "/proc/1/environ", "/tmp",
          "/var/tmp", "/dev/shm", "/sys/kernel/debug", "/proc/kcore", "/dev/mem", "/dev/kmsg",
          "/run/secrets", "/var/run/docker.sock", "/autograder")  # fmt: skip


def read():
    for place in (*PLACES, *glob.glob("/home/*/.ssh"), *glob.glob("/dev/[sv]d*")):
        try:
            if os.path.isdir(place):
                os.listdir(place)
            else:
                with open(place, "rb") as file:
                    file.read(1)
        except OSError:
            continue
        return
    raise PermissionError


def square(x):
    return answer(x, read)
