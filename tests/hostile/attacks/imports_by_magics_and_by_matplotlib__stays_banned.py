"""Has magics, matplotlib and threads import what the notebook's list does not have.

Form: notebook
Earns: 4
Class: 2 3 12
"""

# %%
import sys
import threading
from pathlib import Path

import numpy as np
from IPython import get_ipython

shell = get_ipython()
Path("helper.py").write_text("import mpmath\nfrom mpmath import diff\n")
Path("script.py").write_text("import scipy.optimize\nhere = scipy.optimize.minimize\n")

# %%
# %run script.py
# %load_ext autograd
# %aimport mpmath


# %%
def by_a_thread():
    box = []
    thread = threading.Thread(target=lambda: box.append(__import__("mpmath")))
    thread.start()
    thread.join()
    return box[0]


def by_matplotlib():
    import matplotlib.cbook

    return matplotlib.cbook.__builtins__["__import__"]("scipy.interpolate")


def by_a_backend():
    import matplotlib.backends

    return matplotlib.backends.backend_registry.load_backend_module("module://scipy.optimize")


ways = [
    lambda: shell.run_line_magic("run", "script.py") or shell.user_ns["here"],
    lambda: shell.run_line_magic("load_ext", "mpmath") or sys.modules["mpmath"],
    lambda: shell.extension_manager.load_extension("mpmath") or sys.modules["mpmath"],
    lambda: sys.path.insert(0, ".") or __import__("helper").diff,
    lambda: shell.safe_run_module("mpmath", {}) or sys.modules["mpmath"],
    by_a_thread,
    by_matplotlib,
    by_a_backend,
    lambda: next(one for name, one in list(sys.modules.items()) if name.startswith("scipy")),
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
