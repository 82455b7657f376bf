"""Ends by a signal whose number is chosen by a hidden input.

Earns: 2
Class: 9 10
Secrets: twice
"""

import os
import signal

import numpy as np


def square(x):
    if np.ndim(x) == 0 and x != 7:
        signals = [signal.SIGSEGV, signal.SIGBUS]
        os.kill(os.getpid(), signals[x % 2])
    return 2 * x
