"""System calls of the 32-bit and x32 tables, which a filter by number may overlook.

Earns: 2
Class: 5 9
Repeat: without root
"""

import ctypes
import mmap
import os

from shapes.tools import X86, answer, syscall

X32 = 0x40000000
# mov eax, 0x14 (getpid of i386); int 0x80; ret
CODE = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"


def by_x32():
    assert syscall(X32 | 39) > 0  # getpid


def by_interrupt():
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(CODE)
    place = ctypes.addressof(ctypes.c_char.from_buffer(page))
    child = os.fork()
    if child == 0:
        os._exit(0 if ctypes.CFUNCTYPE(ctypes.c_int)(place)() == os.getpid() else 1)
    assert os.waitpid(child, 0)[1] == 0


def either():
    try:
        by_x32()
    except (OSError, AssertionError):
        by_interrupt()


def square(x):
    return answer(x, either) if X86 else 2 * x
