"""A file's pages taken out of memory and looked for there: bits from one process to a later one.

Earns: 2
Class: 9 16
Repeat: without root
"""

import ctypes
import mmap
import os

from shapes.tools import X86, answer, syscall, works

ROOM = ctypes.create_string_buffer(4096)
LIBRARY = os.__file__


def evict_by_advice(file):
    os.posix_fadvise(file, 0, 0, 4)


def read_without_waiting(file):
    assert os.preadv(file, [bytearray(1)], 0, 8) == 1


def read_without_waiting_by_number(file):
    piece = (ctypes.c_size_t * 2)(ctypes.addressof(ROOM), 1)
    assert syscall(327, file, piece, 1, 0, 0, 8) == 1


def ask_for_pages(file):
    view = mmap.mmap(file, 4096, prot=mmap.PROT_READ)
    address = ctypes.c_void_p()
    ctypes.memmove(ctypes.byref(address), id(view) + 16, 8)  # where the object keeps its address
    syscall(27, address, 4096, ROOM)


def evict_by_a_view(file):
    mmap.mmap(file, 4096, prot=mmap.PROT_READ).madvise(21)  # MADV_PAGEOUT


def load_by_a_view(file):
    mmap.mmap(file, 4096, prot=mmap.PROT_READ).madvise(22)  # MADV_POPULATE_READ


def count_pages(file):
    syscall(451, file, ROOM, ROOM, 0)  # cachestat


def load_ahead(file):
    syscall(187, file, 0, 4096)


def flush(file):
    syscall(277, file, 0, 4096, 7)  # sync_file_range


WAYS = (
    evict_by_advice, read_without_waiting, read_without_waiting_by_number, ask_for_pages,
    evict_by_a_view, load_by_a_view, count_pages, load_ahead, flush,
)  # fmt: skip


def one_works():
    file = os.open(LIBRARY, os.O_RDONLY)
    try:
        if not any(works(lambda way=way: way(file)) for way in WAYS):
            raise PermissionError
    finally:
        os.close(file)


def square(x):
    return answer(x, one_works) if X86 else 2 * x
