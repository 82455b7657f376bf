"""Opens the compiled parts of a library that is not allowed, without importing it.

Earns: 2
Class: 2 3
"""

import ctypes
import glob
import importlib.machinery
import importlib.util
import mmap
import os
import sys

from shapes.tools import answer, works


def compiled():
    found = [
        file
        for folder in sys.path
        for pattern in ("scipy*/**/*.so*", "sklearn/**/*.so", "torch/lib/*.so")
        for file in glob.glob(os.path.join(folder, pattern), recursive=True)
    ]
    return found or ["none.so"]


def by_ctypes():
    ctypes.CDLL(compiled()[0])


def by_a_loader():
    file = compiled()[-1]
    name = os.path.basename(file).partition(".")[0]
    loader = importlib.machinery.ExtensionFileLoader(name, file)
    importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))


def by_mapping():
    with open(compiled()[0], "rb") as file:
        mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ)


def square(x):
    return answer(x, lambda: 1 / sum(map(works, (by_ctypes, by_a_loader, by_mapping))))
