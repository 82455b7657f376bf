"""Makes chains of a million objects by operators, and lets go of them while it answers.

Earns: 2
Class: 14
Ends: t1-row-sums=passed
"""


class Node:
    """A node that holds the one before it, also by a function, as a graph of gradients does."""

    def __init__(self, before=None):
        self.before = {before}
        self.backward = lambda: before

    def __add__(self, other):
        return Node(self)


FREED = []


def row_sums(X):
    """Add up rows; the first time, next to chains that are freed at the end."""
    node, chain = Node(), ()
    for _ in range(0 if FREED else 100_000):
        node = node + 1
    for _ in range(0 if FREED else 900_000):
        chain = (chain,)
    FREED.append(1)
    return X.sum(axis=1)
