"""Makes the grader set memory aside for a list of 2**60 elements.

Earns: 2
Class: 11 14
Ends: t1-row-sums=partial|failed
"""

CALLS = []


class Liar:
    """In the place of the sums of rows, where they are kept on the student's side."""

    def __len__(self):
        return 2**60

    def __add__(self, other):
        return 2 * other

    def __iter__(self):
        return iter([1.0, 2.0, 3.0])


def row_sums(X):
    """Right once in each process, a liar afterwards."""
    CALLS.append(1)
    return X.sum(1) if len(CALLS) == 1 else Liar()
