"""What a notebook states about its training: numbers, and the weights that they are stated for.

    from autograder.claims import load_claims, save_claims
    save_claims("p4", model, data=dataset, test_accuracy=86.3)

writes `claims/p4.json` and `claims/p4.npz`. Whoever reads them can measure the weights and hold
the numbers against it. Nothing is pickled, and nothing of what is read is believed.

    writing.py   makes the two files from a model, a state dict or arrays
    reading.py   reads them; weights.py the `.npz`, size caps before anything is read

The student release carries a copy of this; it needs numpy only.
"""

from autograder.claims.reading import load_claims
from autograder.claims.weights import ClaimsError
from autograder.claims.writing import save_claims

__all__ = ["ClaimsError", "load_claims", "save_claims"]
