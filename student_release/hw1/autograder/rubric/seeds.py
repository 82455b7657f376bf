"""Random draws of a test, derived from one recorded number and the test's name."""

import hashlib

import numpy as np


def derived_seed(seed: int, purpose: str) -> int:
    """Derive a 64-bit seed that cannot be computed back to `seed`.

    Args:
        seed: the one number that a grading records.
        purpose: what the draw is for; other purposes get unrelated seeds.
    """
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "little")


def generator(seed: int, test_name: str) -> np.random.Generator:
    """The `rng` of one test: the same seed and name draw the same inputs again."""
    return np.random.default_rng(derived_seed(seed, f"inputs of {test_name}"))
