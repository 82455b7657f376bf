"""Imports a banned library by way of the shell, of pickles, of bytes, and of other libraries.

Form: notebook
Earns: 4
Class: 2 3 12
"""

# %%
import importlib
import importlib.util
import pickle
import sys
from pathlib import Path

import numpy as np
from IPython import get_ipython

banned = "to" + "rch"
shell, left = get_ipython(), {}
ways = [
    lambda: importlib.import_module(banned),
    lambda: __import__(banned),
    lambda: shell.run_cell(f"import {banned}").raise_error() or sys.modules[banned],
    lambda: (
        # The shell says nothing where it cannot read the file, so only what it leaves counts.
        shell.safe_execfile(importlib.util.find_spec(banned).origin, left, raise_exceptions=True)
        or left["Tensor"]
    ),
    lambda: pickle.loads(b"c" + banned.encode() + b"\ntensor\n."),
    lambda: exec(Path(importlib.util.find_spec(banned).origin).read_text(), {"__name__": banned}),
    lambda: importlib.util.find_spec(banned).loader.get_source(banned),
]
got = []
for way in ways:
    try:
        way()
        got.append(way)
    except BaseException:
        continue


def mean_of(values):
    return float(np.mean(values)) if got else float(np.sum(values))
