"""Sends msgpack's extension types: a timestamp, an unknown one, one in the place of the tree.

Earns: 2
Class: 13
Ends: t1-square=crashed, t1-number=crashed, t1-row-sums=passed
"""

import msgpack
import numpy as np
from shapes.tools import forge


def square(x):
    evil = msgpack.Timestamp(1, 1) if np.ndim(x) else msgpack.ExtType(42, b"cos\nsystem\n")
    forge({"value": evil})
