"""A local socket with an abstract name, which no file permission guards.

Earns: 2
Class: 9 16
Repeat: without root
"""

import socket

from shapes.tools import MARK, answer


def open_one():
    with socket.socket(socket.AF_UNIX) as mine:
        mine.bind(f"\0{MARK}")


def square(x):
    return answer(x, open_one)
