"""Small files until it may not: what runs out is not space but names.

Earns: 2
Class: 14 16
Ends: t1-row-sums=passed
Repeat: without root
"""

import contextlib

from shapes.tools import MARK, until


def square(x):
    with contextlib.suppress(OSError):
        for number, _ in zip(range(20_000), until(2), strict=False):
            with open(f"{MARK}-{number}", "wb"):
                pass
    return 2 * x
