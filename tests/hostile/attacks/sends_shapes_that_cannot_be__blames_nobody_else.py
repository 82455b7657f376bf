"""Arrays of size 0 with dimensions that no array can have, and sizes that overflow.

Earns: 2
Class: 11 14
Ends: t1-square=crashed|failed, t1-number=crashed|failed, t1-row-sums=passed
"""

import numpy as np
from shapes.tools import forge


def square(x):
    shape = [2**63 - 1, 2**63 - 1, 0] if np.ndim(x) else [2**64 - 1, 0]
    forge({"value": {"kind": "array", "dtype": "<f8", "shape": shape, "buffer": 0}}, [b""])
