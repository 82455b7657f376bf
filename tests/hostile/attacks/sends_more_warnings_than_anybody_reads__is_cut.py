"""Replies to the question for warnings with megabytes and with no list.

Earns: 2
Class: 14 17
Ends: t1-square=failed, t1-row-sums=passed
"""

from shapes.tools import replace_operation

replace_operation("warned", lambda: ["x" * 10**6] * 10)


def square(x):
    return 2 * x
