"""Changes what was handed in, by other names, views and descriptors, for the hidden tests.

Earns: 2
Class: 6 16
Repeat: without root
"""

import mmap
import os

from shapes.tools import MARK, answer


def one_works():
    own, folder = __file__, os.path.dirname(__file__)
    ways = [
        lambda: open(own, "a").close(),
        lambda: open(own, "r+b").close(),
        lambda: os.truncate(own, os.stat(own).st_size),
        lambda: os.rename(own, own + "x"),
        lambda: os.link(own, MARK),
        lambda: os.symlink(MARK, f"{folder}/{MARK}"),
        lambda: os.mkdir(f"{folder}/{MARK}"),
        lambda: os.unlink(own),
        lambda: os.open(folder, os.O_TMPFILE | os.O_RDWR),
        lambda: os.open(f"/proc/self/fd/{os.open(own, os.O_RDONLY)}", os.O_RDWR),
        lambda: mmap.mmap(os.open(own, os.O_RDONLY), 0, prot=mmap.PROT_READ | mmap.PROT_WRITE),
        lambda: os.chmod(own, 0o666),
        lambda: os.utime(own),
        lambda: os.setxattr(own, "user.x", b"1"),
    ]
    for way in ways:
        try:
            way()
        except (OSError, ValueError):
            continue
        return
    raise PermissionError


def square(x):
    return answer(x, one_works)
