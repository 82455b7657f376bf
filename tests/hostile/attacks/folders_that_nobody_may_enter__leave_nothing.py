"""Folders and files without any permission, with odd names.

Earns: 2
Class: 14 16
Ends: t1-row-sums=passed
Repeat: without root
"""

import os

from shapes.tools import MARK


def square(x):
    for name in (MARK, "-rf", "\\ \n \x1b[31m", "x" * 255, "\udcff"):
        os.makedirs(f"{name}/inner", exist_ok=True)
        with open(f"{name}/inner/file", "w"):
            pass
        os.chmod(f"{name}/inner", 0)
        os.chmod(name, 0)
    os.mkfifo("pipe")
    os.symlink("/", "root")
    return 2 * x
