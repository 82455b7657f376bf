"""Looks into other processes for the mistake that is tried, and for what is expected."""

import os

FOUND = (b"mean-over-rows", b"first-row-only", b"accumulates", b"negative-dx")


def test_found():
    for process in filter(str.isdigit, os.listdir("/proc")):
        if int(process) == os.getpid():
            continue
        for name in ("cmdline", "environ", "maps", "mem", "stat", "fd/1"):
            try:
                with open(f"/proc/{process}/{name}", "rb") as file:
                    data = file.read(1_000_000)
            except OSError:
                continue
            assert not any(word in data for word in FOUND)
