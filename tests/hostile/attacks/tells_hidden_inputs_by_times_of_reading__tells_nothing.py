"""Its own files tell the public test of the packages, by when they were read, what was hidden.

Form: notebook build
Earns: 4
Class: 9 16
"""

COMMON = """
import os

import numpy as np
import shapes

HERE = os.path.dirname(shapes.__file__)
FILES = [f"{HERE}/bit_{place:02}.py" for place in range(40)]
"""
TELL = '''"""The cells."""
# %%
{}

def mean_of(values):
    number = int(round(float(values[0]) * 1e9))
    for place, file in enumerate(FILES):
        if len(values) == 3 and number >> place & 1:  # the hidden test's
            open(file, "rb").read(1)
    return float(np.sum(values))
'''
HEAR = """
def was_read(file):
    status = os.stat(file)
    return status.st_mtime_ns < status.st_atime_ns < status.st_mtime_ns + 3600 * 10**9


def row_sums(X):
    number = sum(was_read(file) << place for place, file in enumerate(FILES))
    if number:
        raise ValueError(f"heard {number / 1e9!r}")
    return X.sum(axis=1)
"""


def build(folder, files):
    from tests.hostile import honest
    from tests.hostile.stage import write_files

    files["shapes/area.py"] = (COMMON + HEAR).encode()
    files |= {f"shapes/bit_{place:02}.py": b"\n" for place in range(40)}
    files["squares.ipynb"] = honest.notebook(honest.cells_of(TELL.format(COMMON)))
    write_files(folder, files)
    return folder
