"""Raises from a line whose number is a digit of a hidden input.

Earns: 2
Class: 9
Secrets: twice
Ends: t1-square=failed, t1-row-sums=passed
"""

import numpy as np


def square(x):
    line = 7 if np.ndim(x) > 1 else int(np.ravel(x)[0] * 1000) % 4000
    source = "\n" * line + "raise ValueError('here')"
    exec(compile(source, __file__, "exec"))
