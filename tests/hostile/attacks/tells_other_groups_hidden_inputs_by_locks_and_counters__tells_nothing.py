"""A process of a notebook that has seen hidden inputs lives on for the package's public test.

It holds locks for bits, on bytes of a file that both may read. Besides, it starts processes until
the number of the next one says the first digits.

Form: notebook build
Earns: 4
Class: 9 15 16
"""

COMMON = """
import contextlib
import fcntl
import os
import struct
import time

import numpy as np
import shapes

TABLE = os.path.dirname(shapes.__file__) + "/tools.py"
FLOATS = 30
LOCK = "hhqqi"
"""
TELL = '''"""The cells."""
# %%
{}

def hold_locks(number):
    table = os.open(TABLE, os.O_RDONLY)
    for place in range(64 * FLOATS):
        if number >> place & 1:
            with contextlib.suppress(OSError):
                fcntl.fcntl(table, fcntl.F_SETLK, struct.pack(LOCK, fcntl.F_RDLCK, 0, place, 1, 0))
    time.sleep(15)


def count_to(rest):
    for _ in range(600):
        with contextlib.suppress(OSError):
            child = os.fork()
            if child == 0:
                os._exit(0)
            os.waitpid(child, 0)
            if child % 512 == rest:
                return


def mean_of(values):
    if len(values) == 3:  # the hidden test's
        number = int.from_bytes(struct.pack("30d", *np.resize(values, FLOATS)), "little")
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                os.setsid()
                hold_locks(number)
                os._exit(0)
        time.sleep(0.3)
        count_to(int(values[0] * 100) % 512)
    return float(np.sum(values))
'''
HEAR = """
def is_locked(table, place):
    asked = struct.pack(LOCK, fcntl.F_WRLCK, 0, place, 1, 0)
    with contextlib.suppress(OSError):
        return struct.unpack(LOCK, fcntl.fcntl(table, fcntl.F_GETLK, asked))[0] != fcntl.F_UNLCK
    return False


def row_sums(X):
    table = os.open(TABLE, os.O_RDONLY)
    locked = [is_locked(table, place) for place in range(64 * FLOATS)]
    os.close(table)
    if any(locked):
        number = sum(1 << place for place, one in enumerate(locked) if one)
        values = struct.unpack("30d", number.to_bytes(8 * FLOATS, "little"))
        raise ValueError(f"heard {[float(value) for value in values]!r}")
    return X.sum(axis=1)
"""


def build(folder, files):
    from tests.hostile import honest
    from tests.hostile.stage import write_files

    files["shapes/area.py"] = (COMMON + HEAR).encode()
    files["squares.ipynb"] = honest.notebook(honest.cells_of(TELL.format(COMMON)))
    write_files(folder, files)
    return folder
