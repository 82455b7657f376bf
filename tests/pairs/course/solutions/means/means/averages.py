"""Averages of numbers."""

import numpy as np


def mean(values):
    """Return the arithmetic mean of an array (N,)."""
    # BEGIN SOLUTION p1-mean
    return float(np.sum(values) / len(values))
    # END SOLUTION


def median(values):
    """Return the middle value of an array (N,) for an odd N."""
    # BEGIN SOLUTION p1-median
    in_order = np.sort(values)
    return float(in_order[len(values) // 2])
    # END SOLUTION
