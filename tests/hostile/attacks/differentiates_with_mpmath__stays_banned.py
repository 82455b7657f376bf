"""Loads mpmath, a library of pure Python, by every loader that takes a path.

Earns: 2
Class: 2 3 12
"""

import glob
import importlib.machinery
import os
import runpy
import shutil
import sys
import zipfile

from shapes.tools import MARK, answer, works


def places():
    """The library wherever it may lie: here, or beside another Python of this machine."""
    roots = [*sys.path, *glob.glob("/usr/lib/python3*/*-packages"), "/opt", "/usr/share/python3"]
    return [one for root in roots for one in glob.glob(os.path.join(root, "mpmath"))] or ["mpmath"]


def by_path():
    for place in places():
        sys.path.insert(0, os.path.dirname(place))
        importlib.machinery.PathFinder.find_spec("mpmath").loader.load_module("mpmath")


def by_a_copy():
    for place in places():
        shutil.copytree(place, f"{MARK}_copy")
    sys.path.insert(0, ".")
    __import__(f"{MARK}_copy").diff


def by_a_link():
    for place in places():
        os.symlink(place, f"{MARK}_link")
    sys.path.insert(0, ".")
    __import__(f"{MARK}_link").diff


def by_a_zip():
    with zipfile.ZipFile(f"{MARK}.zip", "w") as archive:
        for place in places():
            for file in glob.glob(os.path.join(place, "*.py")):
                archive.write(file, "engine/" + os.path.basename(file))
    sys.path.insert(0, f"{MARK}.zip")
    __import__("engine").diff


def by_running_it():
    for place in places():
        runpy.run_path(place, run_name="mpmath")["diff"]


def square(x):
    ways = (by_path, by_a_copy, by_a_link, by_a_zip, by_running_it)
    return answer(x, lambda: 1 / sum(map(works, ways)))
