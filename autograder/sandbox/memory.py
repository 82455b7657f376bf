"""How much memory processes hold (Linux, by way of /proc)."""

import os

from autograder.sandbox.processes import Living, look_at

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def private_memory(process: int) -> int:
    """Bytes of memory that no file backs, those that it still shares with its parent included.

    Raises:
        OSError: there is no such process.
    """
    with open(f"/proc/{process}/statm", "rb") as file:
        _, resident, shared, *_ = map(int, file.read().split())
    return (resident - shared) * _PAGE_BYTES


def unshared_memory(process: int) -> int:
    """Bytes of memory that a process shares with no other one.

    Raises:
        OSError: there is no such process, or the kernel does not tell.
    """
    return sum(_memory_by_kind(f"/proc/{process}", b"Private_Clean:", b"Private_Dirty:"))


def share_of_memory(folder: str) -> int:
    """Bytes that a process holds and no file backs, in memory or swapped out.

    What n processes share is divided by n.

    Args:
        folder: that of one of its threads, in /proc.

    Raises:
        OSError: the thread has ended, or the kernel does not tell.
    """
    kinds = _memory_by_kind(folder, b"Pss_Anon:", b"Pss_Shmem:", b"SwapPss:")
    if len(kinds) != 3:
        raise OSError("this kernel does not tell how processes share memory")
    return sum(kinds)


def share_of(living: Living) -> int:
    """What a process holds of memory that it may share with others."""
    try:
        return share_of_memory(living.folder) + living.tables
    except OSError:  # it may have ended, or the thread that was looked at
        now = look_at(living.process)
        return 0 if now is None else now.memory


def _memory_by_kind(folder: str, *kinds: bytes) -> list[int]:
    with open(f"{folder}/smaps_rollup", "rb") as file:
        return [int(line.split()[1]) * 1024 for line in file if line.startswith(kinds)]
