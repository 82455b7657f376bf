"""Leaves caches, profiles, start-up files, compiled modules and shared memory for who comes next.

Form: notebook
Earns: 4
Class: 5 16
Repeat: without root
"""

# %%
import contextlib
import os
import tempfile
from multiprocessing import shared_memory
from pathlib import Path

import IPython
import matplotlib
from shapes.tools import MARK

import autograder

places = [Path.home(), Path("/root"), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
places += [Path(matplotlib.get_cachedir()), Path(matplotlib.get_configdir())]
places += [Path(module.__file__).parent for module in (autograder, IPython, matplotlib, os)]
places += [Path(tempfile.gettempdir()), Path(os.environ["AUTOGRADER_DATA"]), Path("..")]
names = [".ipython/profile_default/startup/00.py", ".config/matplotlib/matplotlibrc", "mnist.npz"]
names += [".cache/autograder/mnist.npz", "sitecustomize.py", "usercustomize.py", "x.pth"]
for place in places:
    for name in (MARK, *(f"{name}.{MARK}" for name in names)):
        with contextlib.suppress(OSError):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text("raise SystemExit")
with contextlib.suppress(OSError):
    shared_memory.SharedMemory(MARK, create=True, size=4096)
with contextlib.suppress(OSError):
    os.mkfifo(f"/tmp/{MARK}.pipe")
