"""A function to differentiate."""


def sum_of_squares(x):
    """Return the sum of the squares of the entries."""
    return float((x * x).sum())
