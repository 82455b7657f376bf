"""Files of 60 MB in its scratch folder and in every folder for everybody, half a gigabyte.

Earns: 2
Class: 14 16
Ends: t1-row-sums=passed
Repeat: without root
"""

import contextlib

from shapes.tools import MARK


def square(x):
    for folder in (".", "/tmp", "/var/tmp"):
        with contextlib.suppress(OSError):
            for number in range(3):
                with open(f"{folder}/{MARK}-{number}", "wb") as file:
                    file.write(b"x" * (60 * 10**6))
    return 2 * x
