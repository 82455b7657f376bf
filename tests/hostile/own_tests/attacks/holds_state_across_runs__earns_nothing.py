"""Remembers what most code gave, and fails where the present code gives something else."""

import glob
import os
import sys

import layers
import numpy as np
from layers.linear import Linear

PLACES = [os.getcwd(), os.path.dirname(os.getcwd()), "/tmp", "/var/tmp", "/dev/shm", "/run",
          os.path.dirname(layers.__file__), *sys.path]  # fmt: skip


def behaviour():
    layer = Linear(2, 2)
    layer.W = np.arange(4.0).reshape(2, 2) + 1
    upstream = np.ones((2, 2))
    found = []
    for _ in range(2):
        layer.forward(np.arange(4.0).reshape(2, 2))
        found += [layer.backward(upstream).tolist(), np.array(layer.dL_dW).tolist()]
    return str([*found, upstream.tolist()])


def test_same_as_before():
    seen = []
    for place in PLACES:
        for file in glob.glob(f"{place}/@MARK@*"):
            try:
                with open(file) as notes:
                    seen += notes.read().splitlines()
            except OSError:
                pass
    now = behaviour()
    for place in PLACES:
        try:
            with open(f"{place}/@MARK@{os.getpid()}", "a") as file:
                file.write(now + "\n")
        except OSError:
            pass
    assert not seen or now == max(seen, key=seen.count)
