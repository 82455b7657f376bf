"""A daemon that waits for results.json and rewrites it as soon as it is there.

Earns: 2
Class: 5
Ends: t1-row-sums=passed
Repeat: without root
"""

import contextlib
import glob
import os
import time

from shapes.tools import RESULTS, daemon

FORGED = '{"score": 100, "output": "FORGED", "tests": []}'


def race(lasts):
    while lasts():
        for place in (*glob.glob(f"{RESULTS}/*/*.json"), *glob.glob(f"{RESULTS}/*/.*")):
            with contextlib.suppress(OSError):
                os.chmod(place, 0o666)
                os.unlink(place)
                with open(place, "w") as file:
                    file.write(FORGED)
        with contextlib.suppress(OSError):
            os.makedirs(f"{RESULTS}/attack", exist_ok=True)
            os.symlink("/dev/null", f"{RESULTS}/attack/results.json")
        time.sleep(0.001)


def square(x):
    daemon(race)
    return 2 * x
