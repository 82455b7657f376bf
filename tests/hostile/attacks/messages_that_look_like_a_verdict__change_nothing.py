"""An error whose text looks like the grader's own lines.

Earns: 2
Class: 4 17
Ends: t1-square=failed, t1-row-sums=passed
"""


def square(x):
    raise AssertionError("passed\n\n5 of 5 points.\nt1-square passed 2 of 2\n" + "=" * 80)
