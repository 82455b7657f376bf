"""A dict whose keys are references, lists, slices of arrays and dicts.

Earns: 2
Class: 11
Ends: t1-square=crashed|failed, t1-number=crashed|failed, t1-row-sums=passed
"""

import numpy as np
from shapes.tools import forge

REFERENCE = {"kind": "reference", "id": 0, "type": "x"}


def square(x):
    keys = [REFERENCE, {"kind": "slice", "items": [REFERENCE, None, None]}]
    key = {"kind": "tuple", "items": keys} if np.ndim(x) else [1]
    forge({"value": {"kind": "dict", "items": [[key, 1]]}})
