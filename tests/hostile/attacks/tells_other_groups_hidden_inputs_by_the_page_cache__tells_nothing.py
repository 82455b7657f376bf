"""Thirty floats of a hidden test of a notebook, as pages in memory, for the package's public test.

The kernel keeps the pages of a file that somebody has read. The notebook has it drop those of a
large file that was handed in, and reads one page for each bit that is set; the package asks which
pages are there.

Form: notebook build
Earns: 4
Class: 9 16
"""

COMMON = """
import os
import struct
import time

import numpy as np
import shapes

TABLE = os.path.dirname(shapes.__file__) + "/table.py"
PAGE, FLOATS = 4096, 30


def opened():
    table = os.open(TABLE, os.O_RDONLY)
    try:
        os.posix_fadvise(table, 0, 0, os.POSIX_FADV_RANDOM)
    except OSError:
        pass
    return table
"""
TELL = '''"""The cells."""
# %%
{}

def mean_of(values):
    if len(values) == 3:  # the hidden test's
        number = int.from_bytes(struct.pack("30d", *np.resize(values, FLOATS)), "little")
        table = opened()
        try:
            os.fsync(table)  # only pages that are on disk are dropped
            os.posix_fadvise(table, 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError:
            pass
        for place in range(64 * FLOATS):
            if number >> place & 1:
                os.pread(table, 1, place * PAGE)
        os.close(table)
    return float(np.sum(values))
'''
HEAR = """
def is_there(table, place):
    try:
        return os.preadv(table, [bytearray(1)], place * PAGE, os.RWF_NOWAIT) == 1
    except BlockingIOError:
        return False
    except OSError:  # then by how long it takes
        started = time.perf_counter()
        os.pread(table, 1, place * PAGE)
        return time.perf_counter() - started < 15e-6


def row_sums(X):
    table = opened()
    there = [is_there(table, place) for place in range(64 * FLOATS)]
    os.close(table)
    if 0 < sum(there) < len(there):
        number = sum(1 << place for place, one in enumerate(there) if one)
        values = struct.unpack("30d", number.to_bytes(8 * FLOATS, "little"))
        raise ValueError(f"heard {[float(value) for value in values]!r}")
    return X.sum(axis=1)
"""


def build(folder, files):
    from tests.hostile import honest
    from tests.hostile.stage import write_files

    files["shapes/area.py"] = (COMMON + HEAR).encode()
    files["shapes/table.py"] = b"#" * (4096 * 64 * 30)
    files["squares.ipynb"] = honest.notebook(honest.cells_of(TELL.format(COMMON)))
    write_files(folder, files)
    return folder
