"""An honest solution with far too many prints in it, and a log.

Earns: 5
Class: 14
"""

import logging
import sys

import numpy as np

logging.basicConfig(level=logging.DEBUG)


def square(x):
    for number in range(2000):
        print(number, x)
        logging.debug("%s %s", number, x)
    sys.stdout.flush()
    return np.multiply(x, x)
