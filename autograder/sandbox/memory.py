"""Measure the memory of processes (Linux, from /proc)."""

import os

from autograder.sandbox.processes import Living, look_at

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def private_memory(process: int) -> int:
    """Return the bytes of memory without a file, including those shared with its parent.

    Raises:
        OSError: the process does not exist.
    """
    with open(f"/proc/{process}/statm", "rb") as file:
        _, resident, shared, *_ = map(int, file.read().split())
    return (resident - shared) * _PAGE_BYTES


def unshared_memory(process: int) -> int:
    """Return the bytes of memory that a process does not share with others.

    Raises:
        OSError: the process does not exist, or the kernel does not provide the value.
    """
    return sum(_memory_by_kind(f"/proc/{process}", b"Private_Clean:", b"Private_Dirty:"))


def share_of_memory(folder: str) -> int:
    """Return the bytes of a process without a file, in memory or swapped out.

    Memory shared by n processes is divided by n.

    Args:
        folder: the folder of one of its threads in /proc.

    Raises:
        OSError: the thread has ended, or the kernel does not provide the value.
    """
    kinds = _memory_by_kind(folder, b"Pss_Anon:", b"Pss_Shmem:", b"SwapPss:")
    if len(kinds) != 3:
        raise OSError("this kernel does not report how processes share memory")
    return sum(kinds)


def share_of(living: Living) -> int:
    """Return a process's share of the memory that it may share with others."""
    try:
        return share_of_memory(living.folder) + living.tables
    except OSError:  # the process or the thread may have ended
        now = look_at(living.pid)
        return 0 if now is None else now.memory


def _memory_by_kind(folder: str, *kinds: bytes) -> list[int]:
    with open(f"{folder}/smaps_rollup", "rb") as file:
        return [int(line.split()[1]) * 1024 for line in file if line.startswith(kinds)]
