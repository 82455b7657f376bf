"""Three thousand folders in each other: a path that is longer than any may be.

Earns: 2
Class: 14 16
Ends: t1-row-sums=passed
Repeat: without root
"""

import os


def square(x):
    home = os.getcwd()
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")
    os.chdir(home)
    return 2 * x
