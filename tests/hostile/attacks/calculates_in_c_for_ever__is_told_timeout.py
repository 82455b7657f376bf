"""One long calculation in C that never gives the interpreter back.

Earns: 2
Class: 14
Ends: t1-square=timeout, t1-number=timeout, t1-row-sums=passed
"""

import re


def square(x):
    re.match(r"(a+)+$", "a" * 28 + "b")  # about a minute; ended from outside
