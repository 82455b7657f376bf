"""Claims 60 MB of small integers: a layer so wide that the judge cannot hold what comes out of it.

Form: notebook build
Earns: 4
Class: 14
Ends: n1-claims=partial|failed, n1-sums=passed
"""

import contextlib

import numpy as np

from autograder.claims import save_claims
from autograder.datasets.dataset import Dataset


def build(folder, files):
    facts = Dataset("mnist", "real", *[np.zeros(0)] * 6, ("0",), "0" * 64)
    with contextlib.chdir(folder):
        wide = np.ones((60_000, 784), np.int8)
        weights = {"a.weight": wide, "b.weight": np.ones((10, 60_000), np.int8)}
        save_claims("n1", weights, data=facts, accuracy=10.0)
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
