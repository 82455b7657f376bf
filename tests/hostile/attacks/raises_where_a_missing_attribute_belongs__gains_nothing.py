"""Raises in the place of a missing attribute what the grader might take for its own error.

Earns: 2
Class: 11
Ends: t1-row-sums=partial|failed
"""

CALLS = []


class Liar:
    """In the place of the sums of rows, where they are kept on the student's side."""

    def __len__(self):
        return 3

    def __add__(self, other):
        return 2 * other

    def __iter__(self):
        return iter([KeyError("one"), 1.0, 2.0])

    def __getattr__(self, name):
        raise AttributeError("the grader failed here, not your code")

    def __getitem__(self, key):
        raise KeyError(key)


def row_sums(X):
    """Right once in each process, a liar afterwards."""
    CALLS.append(1)
    return X.sum(1) if len(CALLS) == 1 else Liar()
