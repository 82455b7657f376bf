"""Weights as an array of objects, whose pickle runs a program where it is read.

Form: notebook build
Earns: 3
Class: 13
Ends: n1-claims=failed, n1-sums=passed
Repeat: without root
"""

import hashlib
import json
import os

import numpy as np


class Runs:
    def __reduce__(self):
        return os.system, ("touch /tmp/pickled",)


def build(folder, files):
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    weights = folder / "claims" / "n1.npz"
    np.savez(weights, a=np.array([Runs()], dtype=object))
    stated = json.loads((folder / "claims" / "n1.json").read_text())
    stated["weights_sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    (folder / "claims" / "n1.json").write_text(json.dumps(stated))
    return folder
