"""Shared memory, semaphores and message queues of System V outlive the process.

Earns: 0
Class: 16
Repeat: without root
"""

from shapes.tools import KEY, LIBC

CREATE = 0o1000


def square(x):
    LIBC.shmget(KEY, 4096, CREATE | 0o666)
    LIBC.semget(KEY, 1, CREATE | 0o666)
    LIBC.msgget(KEY, CREATE | 0o666)
    return 2 * x


def row_sums(X):
    found = (LIBC.shmget(KEY, 0, 0), LIBC.semget(KEY, 0, 0), LIBC.msgget(KEY, 0))
    return X.sum(axis=1) if max(found) >= 0 else X[:, 0]
