"""Says that it has claimed thirty thousand layers of one neuron each.

Form: notebook
Earns: 4
Class: 14
Ends: n1-claims=partial|failed|crashed, n1-sums=passed
"""

# %%
import numpy as np
from shapes.tools import replace_operation

weights = {"first": np.ones((1, 784), np.float32)}
weights |= {f"layer {number}": np.ones((1, 1), np.float32) for number in range(24_000)}
weights |= {"last": np.ones((10, 1), np.float32)}


def claim(name, rerun):
    facts = {"name": "mnist", "kind": "real", "sha256": ""}
    return {"numbers": {"accuracy": 10.0}, "weights": weights, "data": facts}


replace_operation("claims", claim)
