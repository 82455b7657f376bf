"""Small datasets in the published formats, and a machine that has neither data nor a network."""

import gzip
import struct

import numpy as np
import pytest

from autograder.datasets import looks, places

SMALL = {"train": (10,) * 8, "validation": (3,) * 8, "test": (4,) * 8}


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """A machine without data and network; its cache folder."""
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    monkeypatch.setenv("AUTOGRADER_OFFLINE", "1")
    monkeypatch.setenv("AUTOGRADER_CACHE", str(tmp_path / "cache"))
    places.say.cache_clear()
    return tmp_path / "cache"


@pytest.fixture
def few_cells(monkeypatch):
    """Let the stand-in for BloodMNIST be drawn in no time."""
    for split, counts in SMALL.items():
        monkeypatch.setitem(looks.COUNTS, split, counts)


@pytest.fixture
def given(tmp_path, monkeypatch):
    """A folder that AUTOGRADER_DATA names."""
    folder = tmp_path / "given"
    folder.mkdir()
    monkeypatch.setenv("AUTOGRADER_DATA", str(folder))
    return folder


def idx(array):
    """An array of bytes in MNIST's file format."""
    head = struct.pack(">BBBB", 0, 0, 8, array.ndim)
    return head + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def mnist_files(train=60, test=20, seed=0):
    """Name -> bytes of the four files."""
    rng = np.random.default_rng(seed)
    files = {}
    for part, size in (("train", train), ("t10k", test)):
        images = rng.integers(0, 256, (size, 28, 28), dtype=np.uint8)
        files[f"{part}-images-idx3-ubyte"] = idx(images)
        files[f"{part}-labels-idx1-ubyte"] = idx((np.arange(size) % 10).astype(np.uint8))
    return files


@pytest.fixture
def write_mnist():
    """Write a small MNIST to a folder as torchvision keeps it; return the folder of its files."""

    def write(folder, zipped=False, **changes):
        raw = folder / "MNIST" / "raw"
        raw.mkdir(parents=True)
        for name, content in mnist_files(**changes).items():
            if zipped:
                (raw / f"{name}.gz").write_bytes(gzip.compress(content))
            else:
                (raw / name).write_bytes(content)
        return raw

    return write


@pytest.fixture
def blood_arrays():
    """The arrays of a small BloodMNIST, by their names in MedMNIST's file."""
    rng = np.random.default_rng(0)
    arrays = {}
    for split, size in (("train", 40), ("val", 16), ("test", 24)):
        arrays[f"{split}_images"] = rng.integers(0, 256, (size, 28, 28, 3), dtype=np.uint8)
        arrays[f"{split}_labels"] = (np.arange(size) % 8).astype(np.uint8).reshape(-1, 1)
    return arrays
