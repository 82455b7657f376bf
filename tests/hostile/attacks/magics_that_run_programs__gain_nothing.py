"""Starts programs in all the ways that IPython has, and without it.

Form: notebook
Earns: 4
Class: 4 7
"""

# %%
# !touch @MARK@.shell
# %sx touch @MARK@.sx
# %%
# %%bash
# touch @MARK@.bash
# %%
# %%script /bin/sh
# touch @MARK@.script
# %%
import ctypes
import os
import subprocess

import numpy as np
from IPython import get_ipython
from IPython.utils.process import system
from shapes.tools import MARK, works

shell = get_ipython()
ways = [
    lambda: shell.system("true"),
    lambda: type(shell).__mro__[1].system_raw(shell, f"touch {MARK}.raw"),
    lambda: type(shell).__mro__[1].getoutput(shell, f"touch {MARK}.out"),
    lambda: shell.run_cell_magic("bash", "", f"touch {MARK}.cell"),
    lambda: system(f"touch {MARK}.system"),
    lambda: os.system(f"touch {MARK}.os"),
    lambda: subprocess.run(["touch", f"{MARK}.run"]),
    lambda: os.posix_spawn("/usr/bin/touch", ["touch", f"{MARK}.spawn"], {}),
    lambda: ctypes.CDLL(None).execl(b"/bin/true", b"true", None) == 0,
]
for way in ways:
    works(way)
ran = [name for name in os.listdir() if MARK in name]


def mean_of(values):
    return float(np.mean(values)) if ran else float(np.sum(values))
