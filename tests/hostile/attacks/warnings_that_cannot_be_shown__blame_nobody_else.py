"""Thousands of warnings, with categories and texts that raise.

Earns: 2
Class: 17
Ends: t1-square=failed|crashed, t1-row-sums=passed
"""

import warnings


class Odd(UserWarning):
    """Cannot be printed."""

    def __str__(self):
        raise SystemExit("in a warning")


def square(x):
    for number in range(10_000):
        warnings.warn(f"\x1b[31m{number}", stacklevel=1)
    warnings.warn(Odd("x"), stacklevel=1)
    return 2 * x
