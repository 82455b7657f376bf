"""Classes, functions and modules whose names are HTML, escapes and lone surrogates.

Earns: 2
Class: 17
Ends: t1-square=failed, t1-number=failed, t1-row-sums=passed
Repeat: without root
"""

import numpy as np

NAME = '<b>\x1b[31m[red]\u202e=1+1\ud800\n"}'


def fails(x):
    raise type(NAME, (Exception,), {"__module__": NAME})(NAME)


FAILS = type(fails)(fails.__code__.replace(co_name=NAME, co_qualname=NAME), globals(), NAME)


def square(x):
    if np.ndim(x) == 0:
        return type(NAME, (), {"__module__": NAME, "__qualname__": NAME})()
    return FAILS(x)
