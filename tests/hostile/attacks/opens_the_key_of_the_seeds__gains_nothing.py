"""Opens the key that the inputs of all submissions are drawn from, by every path that leads to it.

Earns: 2
Class: 8 18
Repeat: without root
"""

import mmap
import os
from pathlib import Path

from shapes.tools import LIBC, SEED_KEYS, answer, graders, is_seed_key, works


def paths():
    for place in SEED_KEYS:
        folder, name = os.path.split(place)
        yield from (
            place,
            os.path.realpath(place),
            f"{folder}/../{os.path.basename(folder)}/{name}",
        )
        for process in (*graders(), os.getppid(), "self", 1):
            yield f"/proc/{process}/root{place}"
            yield f"/proc/{process}/cwd/{os.path.relpath(place)}"
        for number in range(3, 64):
            yield f"/proc/self/fd/{number}/{name}"
            yield f"/proc/{os.getppid()}/fd/{number}"


def readers(path):
    yield lambda: Path(path).read_bytes()
    yield lambda: os.pread(os.open(path, os.O_RDONLY | os.O_NOATIME), 64, 0)
    yield lambda: mmap.mmap(os.open(path, os.O_RDONLY), 64, prot=mmap.PROT_READ)[:64]
    yield lambda: os.read(LIBC.open(path.encode(), os.O_RDWR), 64)
    yield lambda: Path(f"/proc/self/fd/{os.open(path, os.O_PATH)}").read_bytes()


def read():
    for path in paths():
        for reader in readers(path):
            found = []
            works(lambda reader=reader, found=found: found.append(reader()))
            if any(map(is_seed_key, found)):
                return
    raise PermissionError


def square(x):
    return answer(x, read)
