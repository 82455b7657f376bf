"""While the last item of the notebook is judged, the next item's worker is there, and near.

Form: notebook
Earns: 3
Class: 7 8 16
Ends: n1-sums=passed
Repeat: without root
"""

# %%
import ctypes
import glob
import os
import signal

from shapes.tools import LIBC, family, replace_operation, until

reached = []


def try_all(process):
    for number in (0, signal.SIGWINCH):  # harmless, should one of them arrive
        try:
            os.kill(process, number)
            reached.append(("signal", process))
        except OSError:
            continue
    for name in ("mem", "environ", "maps", "fd", "cwd", "cmdline", "map_files"):
        place = f"/proc/{process}/{name}"
        try:
            if name in ("fd", "cwd", "map_files"):
                os.listdir(place)
            else:
                with open(place, "rb") as file:
                    file.read(1)
            reached.append((process, name))
        except OSError:
            continue
    reached.extend(glob.glob(f"/proc/{process}/cwd/*"))
    if LIBC.ptrace(0x4206, process, ctypes.c_void_p(0), ctypes.c_void_p(0)) == 0:  # PTRACE_SEIZE
        reached.append(("traced", process))


def attack_all(name, rerun=False):
    me, mother = os.getpid(), os.getppid()
    for _ in until(1.5):
        own = family()
        for process in range(mother - 8, me + 8):
            if process not in own:
                try_all(process)
    if reached:
        return {"numbers": {"accuracy": 0}, "weights": {}, "data": {}}
    raise ValueError("nobody was reached")


replace_operation("claims", attack_all)
