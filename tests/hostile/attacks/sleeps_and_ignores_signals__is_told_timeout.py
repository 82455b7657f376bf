"""Sleeps with every signal blocked and every handler ignored.

Earns: 2
Class: 14
Ends: t1-square=timeout, t1-number=timeout, t1-row-sums=passed
"""

import signal
import time


def square(x):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU, signal.SIGALRM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(12)
