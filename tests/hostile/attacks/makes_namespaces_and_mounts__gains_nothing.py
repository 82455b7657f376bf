"""unshare, setns, clone with new namespaces, mount, chroot, pivot_root.

Earns: 2
Class: 5 8
Repeat: without root
"""

import os

from shapes.tools import LIBC, answer, graders, syscall, works

NEW = {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "net": 0x40000000, "ipc": 0x8000000}


def unshare():
    for flag in NEW.values():
        child = os.fork()
        if child == 0:
            os._exit(0 if LIBC.unshare(flag) == 0 else 1)
        if os.waitpid(child, 0)[1] == 0:
            return
    raise PermissionError


def clone():
    child = syscall(56, NEW["user"] | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def join():
    descriptor = os.open(f"/proc/{graders()[0]}/ns/net", os.O_RDONLY)
    assert LIBC.setns(descriptor, 0) == 0


def mount():
    os.makedirs("here", exist_ok=True)
    assert LIBC.mount(b"none", b"here", b"tmpfs", 0, b"size=1m") == 0


def new_mount():
    syscall(430, b"tmpfs", 0)  # fsopen


def square(x):
    ways = (unshare, clone, join, mount, new_mount, lambda: os.chroot("."))
    return answer(x, lambda: next(way for way in ways if works(way)))
