"""Every way back to another uid, group or capability.

Earns: 2
Class: 5
Repeat: without root
"""

import os

from shapes.tools import answer, works


def nobody_else():
    with open("/proc/self/status") as file:
        status = dict(line.split(":", 1) for line in file if ":" in line)
    assert int(status["CapEff"], 16) or int(status["CapPrm"], 16) or int(status["CapBnd"], 16) == -1


def other_uid():
    before = os.getresuid()
    os.setresuid(0, 0, 0)
    assert os.getresuid() != before or before[0] == 0


WAYS = (
    nobody_else,
    other_uid,
    lambda: os.setgroups([0]),
    lambda: os.setresgid(0, 0, 0),
    lambda: os.setreuid(1, 1),
)


def square(x):
    return answer(x, lambda: next(way for way in WAYS if works(way)))
