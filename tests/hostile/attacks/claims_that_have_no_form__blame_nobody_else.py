"""Answers with something else than claims: weights that are no arrays, under names that are none.

Form: notebook
Earns: 4
Class: 11
Ends: n1-claims=partial|failed|crashed, n1-sums=passed
"""

# %%
import numpy as np
from shapes.tools import replace_operation


def claim(name, rerun):
    weights = {"a": "a text", 5: np.ones((10, 784), np.float32), "b": [], "c": None}
    facts = {"name": "mnist", "kind": "real", "sha256": ""}
    return {"numbers": {"accuracy": 10.0}, "weights": weights, "data": facts}


replace_operation("claims", claim)
