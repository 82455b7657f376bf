"""What an attack may have left behind: secrets in any spelling, processes, files."""

import base64
import binascii
import codecs
import os
import re
import signal
import time
import urllib.parse
from pathlib import Path

import autograder

# Where student code could write on a machine without any sandbox.
_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/dev/mqueue", "/var/lock", "/")
_PACKAGE = Path(autograder.__file__).parent
_DEPTH = 6
_SETTLED_NS = 1_000_000_000
_listings = {}  # place -> (its device, inode and ctime, what is in it)


def spellings(text):
    """The text as it is, and everything that can be decoded from pieces of it."""
    yield text
    yield text[::-1]
    yield codecs.encode(text, "rot13")
    yield urllib.parse.unquote(text)
    yield re.sub(r"[^0-9A-Za-z.]", "", text)
    yield re.sub(r"[^0-9A-Za-z.]", "", text)[::-1]
    yield re.sub(r"[^a-z]", "", text)
    numbers = [int(number) for number in re.findall(r"\b\d{2,3}\b", text)]
    yield bytes(number for number in numbers if number < 256).decode("latin-1")
    for piece in re.findall(r"[0-9a-fA-F]{16,}", text):
        yield from _decoded(bytes.fromhex, piece[: len(piece) // 2 * 2])
        yield from _decoded(bytes.fromhex, piece[1 : 1 + (len(piece) - 1) // 2 * 2])
    for piece in re.findall(r"[0-9A-Za-z+/_-]{16,}", text):
        for start in range(4):
            cut = piece[start:].replace("-", "+").replace("_", "/")
            cut = cut[: len(cut) - (len(cut) % 4 == 1)]
            yield from _decoded(base64.b64decode, cut + "=" * (-len(cut) % 4))
    for piece in re.findall(r"[A-Z2-7]{16,}", text):
        for cut in (piece[: len(piece) - drop] for drop in range(3)):
            yield from _decoded(base64.b32decode, cut + "=" * (-len(cut) % 8))


def _decoded(decode, piece):
    try:
        found = decode(piece).decode("latin-1")
    except (binascii.Error, ValueError):
        return
    yield found
    yield found[::-1]


def leaked(text, secrets):
    """Those of the secrets that are in the text, in any spelling."""
    wanted = {secrets.word, str(secrets.whole), str(secrets.whole**2)}
    for number in secrets.numbers:
        for value in (number, number**2, 2 * number):
            digits = f"{value:.10f}"
            wanted |= {digits[:8], digits.replace(".", "")[:9]}
    found = set()
    for spelling in spellings(text):
        found |= {secret for secret in wanted if secret in spelling.lower()}
    return sorted(found)


def descendants(ancestor):
    """Every living process below one: pid -> what it is."""
    parents, names = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            before, _, after = (entry / "stat").read_text(errors="replace").rpartition(")")
        except OSError:
            continue
        fields = after.split()
        parents[int(entry.name)] = (int(fields[1]), fields[0])
        names[int(entry.name)] = before
    found = {}
    for process in parents:
        above = process
        while above in parents and above != ancestor:
            above = parents[above][0]
        if above == ancestor and process != ancestor and parents[process][1] != "Z":
            found[process] = names[process]
    return found


def left_processes(before, mark, seconds=1.0):
    """Processes that a grading has left: below this one, or with the mark on them."""
    until = time.monotonic() + seconds
    while True:
        _reap()
        found = {pid: name for pid, name in descendants(os.getpid()).items() if pid not in before}
        found |= _marked(mark)
        if not found or time.monotonic() > until:
            return found
        time.sleep(0.02)


def _marked(mark):
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            for part in ("comm", "cmdline", "environ"):
                try:
                    if mark.encode() in (entry / part).read_bytes():
                        found[int(entry.name)] = part
                except OSError:
                    continue
    return found


def _reap():
    """Collect orphans that became ours; pytest has no children of its own to wait for."""
    for process in list(Path(f"/proc/{os.getpid()}/task/{os.getpid()}").glob("children")):
        for child in process.read_text().split():
            try:
                if _state(child) == "Z":
                    os.waitpid(int(child), os.WNOHANG)
            except (ChildProcessError, OSError):
                continue


def _state(process):
    return Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]


def end(processes):
    """End what was found, so that the next test starts clean."""
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue
    time.sleep(0.05)
    _reap()


def left_files(mark, stage):
    """Files, sockets, keys and queues with the mark in their names, and scratch folders."""
    found = [str(path) for path in stage.work.iterdir()]
    found += [str(path) for path in stage.folder.rglob(f"*{mark}*") if path != stage.folder]
    for place in (*map(Path, _PLACES), Path.home(), Path.cwd(), _PACKAGE, *_site_packages()):
        depth = 1 if place in (Path("/"), Path.cwd(), *_site_packages()) else _DEPTH
        found += [
            path for path in _named(str(place), mark, depth) if not _within(path, stage.folder)
        ]
    key = int.from_bytes(mark[-4:].encode(), "little") & 0x7FFFFFFF
    for kind in ("shm", "sem", "msg"):
        table = Path(f"/proc/sysvipc/{kind}")
        if table.exists():
            lines = table.read_text().splitlines()[1:]
            found += [f"{kind} {line}" for line in lines if line.split()[0] == str(key)]
    for table in ("/proc/net/unix", "/proc/keys"):
        if os.path.exists(table):
            lines = Path(table).read_text(errors="replace").splitlines()
            found += [line for line in lines if mark in line]
    return found


def _site_packages():
    import numpy

    return [Path(numpy.__file__).parent.parent]


def _within(path, folder):
    return Path(path) == folder or folder in Path(path).parents


def _named(place, mark, depth):
    if depth == 0:
        return
    names, folders = _listing(place)
    for name in names:
        if mark in name:
            yield os.path.join(place, name)
    for name, path in folders:
        if mark not in name:
            yield from _named(path, mark, depth - 1)


def _listing(place):
    """The names in a folder, and its folders, from an earlier look if nothing has changed.

    Every new name changes the ctime of its folder, which no process can set. The kernel's clock for
    it is coarse, so what has just changed is not kept.
    """
    try:
        found = os.lstat(place)
        state = (found.st_dev, found.st_ino, found.st_ctime_ns)
        if place in _listings and _listings[place][0] == state:
            return _listings[place][1]
        with os.scandir(place) as listing:
            entries = [(entry, entry.is_dir(follow_symlinks=False)) for entry in listing]
    except OSError:
        return [], []
    listed = (
        [entry.name for entry, _ in entries],
        [
            (entry.name, entry.path)
            for entry, is_folder in entries
            if is_folder and entry.name not in ("proc", "sys")
        ],
    )
    if time.time_ns() - found.st_ctime_ns > _SETTLED_NS:
        _listings[place] = state, listed
    return listed
