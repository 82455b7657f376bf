"""Has SciPy find the root of a square, where the list of what may be imported has NumPy alone.

Earns: 2
Class: 2 3
"""

import importlib
import sys

from shapes.tools import answer


def by_import_module():
    return importlib.import_module("scipy.optimize").minimize


def by_builtins_of_numpy():
    import numpy.testing

    return numpy.testing.__builtins__["__import__"]("scipy.optimize").optimize


def by_an_entry_point():
    from importlib import metadata

    for point in metadata.entry_points():
        if point.value.startswith(("scipy", "sklearn", "mpmath", "sympy")):
            return point.load()
    raise LookupError


def square(x):
    for way in (by_import_module, by_builtins_of_numpy, by_an_entry_point):
        sys.modules.pop("scipy", None)
        found = answer(x, way)
        if (found == x * x).all():
            return found
    return 2 * x
