"""A right notebook that uses magics, threads, files, databases, locks, figures and timers.

Form: notebook
Earns: 7
Ends: n1-mean=passed, n1-figure=passed, n1-sums=passed
Class: 14
"""

# %%
# %matplotlib inline
import contextlib
import fcntl
import io
import logging
import os
import signal
import sqlite3
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

# %time sum(range(10))
# %timeit -n 2 -r 1 sum(range(10))
# %%
# %%capture kept
print("x")
# %%
logging.basicConfig(filename="notes.log")
logging.error("x")
with ThreadPoolExecutor() as pool:
    assert list(pool.map(abs, [-1, -2])) == [1, 2]
with sqlite3.connect("table.db") as table:
    table.execute("create table t(a)")
with tempfile.NamedTemporaryFile() as file:
    fcntl.flock(file, fcntl.LOCK_EX)
np.save("x.npy", np.arange(100_000.0))
view = np.load("x.npy", mmap_mode="r")
with contextlib.redirect_stdout(io.StringIO()):
    print(view[3], os.cpu_count(), threading.active_count())
signal.setitimer(signal.ITIMER_REAL, 0)
time.sleep(0.01)


def mean_of(values):
    with sqlite3.connect("table.db") as table:
        table.execute("insert into t values (1)")
    with ThreadPoolExecutor(4) as pool:
        total = sum(pool.map(float, values))
    return total / len(values)
