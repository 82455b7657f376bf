"""Claims a layer that has no neurons at all.

Form: notebook build
Earns: 4
Class: 11
Ends: n1-claims=partial|failed, n1-sums=passed
"""

import contextlib

import numpy as np

from autograder.claims import save_claims
from autograder.datasets.dataset import Dataset


def build(folder, files):
    facts = Dataset("mnist", "real", *[np.zeros(0)] * 6, ("0",), "0" * 64)
    with contextlib.chdir(folder):
        weights = {"a.weight": np.zeros((0, 784), "f4"), "a.bias": np.zeros(0, "f4")}
        save_claims("n1", weights, data=facts, accuracy=10.0)
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
