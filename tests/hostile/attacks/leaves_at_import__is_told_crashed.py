"""The module ends the process with exit code 0 as soon as it is imported.

Earns: 0
Class: 10
Ends: t1-square=crashed, t1-number=crashed, t1-row-sums=crashed
"""

import os

os._exit(0)
