"""An error in files whose names hold a null byte, lead outside or are far too long.

Earns: 2
Class: 8 17
Ends: t1-square=failed|crashed, t1-number=failed|crashed, t1-row-sums=passed
"""

import numpy as np
from shapes.tools import COURSE, forge


def square(x):
    names = [
        "\0",
        "shapes/\0.py",
        "x" * 5000,
        "../" * 50 + "etc/passwd",
        "",
        f"{COURSE}/assignment/tiny/assignment.toml",
        "shapes/area.py/x",
    ]
    lines = [1, -1, 0, 2**62]
    frames = [[name, line, name] for name in names for line in lines]
    error = {"type": "ValueError", "message": "no", "frames": frames if np.ndim(x) else frames[:1]}
    forge({"error": error})
