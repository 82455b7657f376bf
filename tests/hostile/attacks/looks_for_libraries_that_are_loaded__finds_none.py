"""Looks in the process for a library that was loaded before: by modules, classes, and files mapped.

Earns: 2
Class: 2 3 7
"""

import sys

from shapes.tools import all_objects, answer

WANTED = ("scipy", "sklearn", "torch", "sympy", "mpmath", "autograd", "jax", "pandas", "click")


def top(name):
    return str(name).partition(".")[0]


def classes(kind=object):
    for below in type.__subclasses__(kind):
        yield below
        yield from classes(below)


def find():
    found = [name for name in sys.modules if top(name) in WANTED]
    found += [one for one in set(classes()) if top(one.__module__) in WANTED]
    for thing in all_objects():
        if top(getattr(thing, "__module__", "") or "") in WANTED:
            found.append(thing)
    with open("/proc/self/maps") as maps:
        found += [line for line in maps if any(f"-packages/{one}/" in line for one in WANTED)]
    if not found:
        raise LookupError("there is none")


def square(x):
    return answer(x, find)
