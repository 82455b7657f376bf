"""Arrays that say they hold objects, records or text.

Earns: 2
Class: 11 13
Ends: t1-square=crashed, t1-number=crashed, t1-row-sums=passed
"""

import numpy as np
from shapes.tools import forge


def square(x):
    dtype = "|O" if np.ndim(x) else "V8,O"
    forge({"value": {"kind": "array", "dtype": dtype, "shape": [1], "buffer": 0}}, [b"\x10" * 8])
