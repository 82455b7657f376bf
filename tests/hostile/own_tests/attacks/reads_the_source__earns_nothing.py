"""Looks for a mistake in the source of the module: in linecache, in files, by inspect."""

import gc
import inspect
import linecache
import os
import sys

import layers.linear
from layers.linear import Linear


def texts():
    for thing in (layers.linear, Linear, Linear.forward, Linear.backward):
        for read in (inspect.getsource, inspect.getcomments, inspect.getfile):
            try:
                yield str(read(thing))
            except (OSError, TypeError):
                pass
    yield from ("".join(lines) for _, _, lines, _ in linecache.cache.values())
    for name in ("__file__", "__cached__", "__doc__"):
        yield str(getattr(layers.linear, name, ""))
    for folder in (os.path.dirname(layers.__file__), os.getcwd(), *sys.path):
        for root, _, names in os.walk(folder):
            for name in names if "site-packages" not in root else ():
                if name.startswith("linear") and name.endswith((".py", ".pyc", ".json", ".toml")):
                    try:
                        with open(os.path.join(root, name)) as file:
                            yield file.read()
                    except (OSError, ValueError):
                        pass
    for thing in gc.get_objects():
        if isinstance(thing, dict):
            for value in list(thing.values()):
                if isinstance(value, str | bytes) and len(value) < 10_000:
                    yield str(value)


def test_source():
    # Spelt backwards, so that this file does not hold them.
    spelt = (")yd_Ld(nel", "]1:[x", " + Wd_Ld.fles", "evoba-", "5.0 =*", "swor-revo-naem")
    for text in texts():
        for sign in spelt:
            if sign[::-1] in text:
                raise AssertionError
