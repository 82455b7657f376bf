"""An honest solution that imports, late, modules of the standard library and of numpy.

Earns: 5
Class: 8 12
"""


def square(x):
    import csv
    import dataclasses
    import decimal
    import functools
    import json
    import statistics
    import typing
    import zoneinfo

    import numpy as np
    import numpy.fft
    import numpy.linalg
    import numpy.polynomial

    assert csv and dataclasses and decimal and functools and json and statistics and typing
    assert zoneinfo and np.allclose(numpy.linalg.inv(np.eye(2)), np.eye(2))
    return np.multiply(x, x)
