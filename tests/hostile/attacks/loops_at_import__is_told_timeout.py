"""The module itself never ends.

Earns: 0
Class: 14
Ends: t1-square=timeout, t1-number=timeout, t1-row-sums=timeout
"""

from shapes.tools import until

for _ in until(12):
    pass
