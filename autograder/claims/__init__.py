"""Save and read claims: a notebook's reported numbers, with the weights that they belong to.

    from autograder.claims import load_claims, save_claims
    save_claims("p4", model, data=dataset, test_accuracy=86.3)

writes `claims/p4.json` and `claims/p4.npz`; several models are given in a dict by their names. The
grader measures the weights and compares the numbers. Nothing is pickled, and the content of the
files is never trusted.

    models.py    several models in one file
    writing.py   makes the two files from a model, a state dict or arrays
    reading.py   reads them
    weights.py   reads the `.npz`; checks sizes before anything is read
    plain.py     brings numbers into the form of JSON, with limits on their size
    files.py     the names of the two files

The student release contains this package; it needs numpy only.
"""

from autograder.claims.reading import load_claims
from autograder.claims.weights import ClaimsError
from autograder.claims.writing import save_claims

__all__ = ["ClaimsError", "load_claims", "save_claims"]
