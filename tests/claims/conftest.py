"""Claims that were saved in good order, to read or to break."""

import types

import numpy as np
import pytest

from autograder.claims import save_claims

DATA = types.SimpleNamespace(name="bloodmnist", kind="stand-in", sha256="ab" * 32)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def saved(here):
    """A folder with the claims "p4"."""
    weights = {"w": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.zeros(2)}
    save_claims("p4", weights, data=DATA, accuracy=86.3, confusion=np.eye(2, dtype=int))
    return here
