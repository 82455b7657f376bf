"""Sends lies instead of what the functions return: zeros, True, and what the request held.

Earns: 0
Class: 7 11
"""

from autograder.remote import messages, object_server

ORIGINAL = object_server.pack


def pack(value, refer, most):
    if type(value).__module__ == "numpy":
        value = value * 0
    return ORIGINAL(value, refer, most)


object_server.pack = messages.pack = pack


def square(x):
    return 2 * x


def row_sums(X):
    return X[:, 0]
