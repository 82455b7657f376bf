"""Derive a test's random inputs from one recorded seed and the test's name."""

import hashlib

import numpy as np


def derived_seed(seed: int, purpose: str) -> int:
    """Derive a 64-bit seed from which `seed` cannot be recovered.

    Args:
        seed: the seed that a grading records.
        purpose: what the seed is for; different purposes get unrelated seeds.
    """
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "little")


def generator(seed: int, test_name: str) -> np.random.Generator:
    """Return the `rng` of one test: the same seed and name give the same inputs."""
    return np.random.default_rng(derived_seed(seed, f"inputs of {test_name}"))
