"""Sends plain values as references and references as plain values.

Earns: 0
Class: 11
"""

import numpy as np

from autograder.workbench import workbench
from autograder.workbench.values import Parcel
from autograder.workbench.workbench import Workbench

Workbench._refer = lambda self, value: True
workbench.pack = lambda value, refer, most: Parcel({"kind": "reference", "id": 0, "type": "float"})


def square(x):
    return np.multiply(x, x)
