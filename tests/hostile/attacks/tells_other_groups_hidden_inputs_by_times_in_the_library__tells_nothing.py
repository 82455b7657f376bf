"""A hidden test of a notebook reads files of the library, and the package's public test sees when.

The kernel notes the reading of a file that was not read since it was written. One file is a bit.

Form: notebook build
Earns: 4
Class: 9 16
"""

COMMON = """
import glob
import os
import time

import numpy as np

PLACES = ("/usr/share/zoneinfo", os.path.dirname(os.__file__), "/usr/share/locale")


def candidates():
    # Files whose time of reading is written anew by the next reading, or just was.
    found, now = [], time.time()
    for place in PLACES:
        for file in sorted(glob.glob(f"{place}/**/*", recursive=True)):
            status = os.stat(file)
            is_new = status.st_atime > max(status.st_mtime, now - 24 * 3600)
            if os.path.isfile(file) and (not is_new or status.st_atime > now - 30):
                found.append(file)
    return found[:40]
"""
TELL = '''"""The cells."""
# %%
{}

def mean_of(values):
    if len(values) == 3:  # the hidden test's
        number = int(round(float(values[0]) * 1e9))
        for place, file in enumerate(candidates()):
            if number >> place & 1:
                with open(file, "rb") as stream:
                    stream.read(1)
    return float(np.sum(values))
'''
HEAR = """
def row_sums(X):
    number, now = 0, time.time()
    for place, file in enumerate(candidates()):
        number |= (0 <= now - os.stat(file).st_atime < 30) << place
    if number:
        raise ValueError(f"heard {number / 1e9!r}")
    return X.sum(axis=1)
"""


def build(folder, files):
    from tests.hostile import honest
    from tests.hostile.stage import write_files

    files["shapes/area.py"] = (COMMON + HEAR).encode()
    files["squares.ipynb"] = honest.notebook(honest.cells_of(TELL.format(COMMON)))
    write_files(folder, files)
    return folder
