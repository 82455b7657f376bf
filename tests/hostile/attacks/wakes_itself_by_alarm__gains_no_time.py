"""Timers that raise in the middle of everything, and limits raised again.

Earns: 2
Class: 14
Ends: t1-square=timeout, t1-number=timeout, t1-row-sums=passed
"""

import resource
import signal
import time

from shapes.tools import until


def square(x):
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    for limit in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_NPROC):
        try:
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (OSError, ValueError):
            continue
    for _ in until(12):
        time.sleep(0.1)
