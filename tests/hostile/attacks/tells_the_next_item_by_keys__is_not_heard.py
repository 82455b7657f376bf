"""Leaves a key in the user's keyring and asks for it in the next item.

Earns: 0
Class: 16
Repeat: without root
"""

from shapes.tools import MARK, X86, syscall, works

USER_KEYRING = -4
ROOM = f"{MARK}".encode()


def square(x):
    works(lambda: syscall(248, b"user", ROOM, b"told", 4, USER_KEYRING))
    return 2 * x


def row_sums(X):
    found = X86 and works(lambda: syscall(250, 10, USER_KEYRING, b"user", ROOM, 0))
    if found:
        key = syscall(250, 10, USER_KEYRING, b"user", ROOM, 0)
        syscall(250, 9, key, USER_KEYRING)
    return X.sum(axis=1) if found else X[:, 0]
