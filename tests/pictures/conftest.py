"""The course `pictures`, small data sets for it, and submissions."""

import contextlib
import io
import shutil
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.claims import save_claims
from autograder.datasets import BLOOD_CLASSES, Dataset, cells, garments, objects, write_prepared
from autograder.release import solution_files, write_release

for library in ("torch", "torchvision", "medmnist", "sklearn", "IPython", "matplotlib"):
    pytest.importorskip(library, reason=f"{library} is not installed")

COURSE = Path(__file__).parent / "course"
SIZES = (500, 100, 200)


def digits(size, rng):
    """Images of ten classes, each a bright square in a place of its own."""
    labels = rng.integers(0, 10, size)
    images = rng.integers(0, 90, (size, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = divmod(label, 5)
        image[4 + 10 * row : 12 + 10 * row, 5 * column : 5 * column + 6] += 120
    return images, labels


def labels_of(size):
    return np.arange(size) % 10


@pytest.fixture(scope="session")
def whole_data(tmp_path_factory):
    """A folder with four prepared data sets."""
    folder, rng = tmp_path_factory.mktemp("data"), np.random.default_rng(3)
    drawn = {
        "mnist": ([digits(size, rng) for size in SIZES], list("0123456789")),
        "fashion-mnist": (
            [(garments.draw(labels_of(size), rng), labels_of(size)) for size in SIZES],
            garments.CLASSES,
        ),
        "cifar-10": (
            [
                (np.concatenate([objects.draw(label, size // 10, rng) for label in range(10)]),
                 np.repeat(np.arange(10), size // 10))
                for size in SIZES
            ],
            objects.CLASSES,
        ),
        "bloodmnist": (
            [(cells.draw(np.arange(size) % 8, rng), np.arange(size) % 8) for size in SIZES],
            BLOOD_CLASSES,
        ),
    }  # fmt: skip
    for name, (splits, classes) in drawn.items():
        write_prepared(Dataset.of(name, "stand-in", splits, classes), folder)
    return folder


@pytest.fixture
def data(whole_data, monkeypatch):
    """The data that is found on this machine."""
    monkeypatch.setenv("AUTOGRADER_DATA", str(whole_data))
    from autograder.datasets import Data

    return Data()


@pytest.fixture
def pictures(tmp_path):
    """The assignment, in a copy of its course."""
    shutil.copytree(COURSE, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    return load_assignment(tmp_path / "course", "pictures")


def trained(images, labels):
    """Weights of a linear model for images, and how many of them it gets right, in per cent."""
    x, y = images.reshape(len(images), -1) / 255, np.eye(10)[labels]
    W, b = np.zeros((10, x.shape[1])), np.zeros(10)
    for _ in range(60):
        p = np.exp(x @ W.T + b)
        p = (p / p.sum(1, keepdims=True) - y) / len(x)
        W, b = W - 0.3 * p.T @ x, b - 0.3 * p.sum(0)
    return {"weight": W.astype(np.float16), "bias": b.astype(np.float32)}


def reached(weights, dataset):
    x = dataset.test_images.reshape(len(dataset.test_images), -1) / 255
    logits = x @ weights["weight"].astype(float).T + weights["bias"]
    return float((logits.argmax(1) == dataset.test_labels).mean() * 100)


@pytest.fixture
def models(data):
    """Two models by name, and what they reach."""
    mnist = data["mnist"]
    found = {
        "zero": {"weight": np.zeros((10, 784), np.float32), "bias": np.zeros(10, np.float32)},
        "trained": trained(mnist.train_images, mnist.train_labels),
    }
    return found, {name: reached(model, mnist) for name, model in found.items()}


@pytest.fixture
def hand_in(pictures, data, models, tmp_path):
    """Write the complete solution with changed files and claims; return its folder."""

    def write(claimed=None, accuracy=None, name="somebody", **files):
        folder = tmp_path / name
        write_release(solution_files(pictures), folder)
        for path, text in files.items():
            (folder / path).write_text(text)
        found, right = models
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
            save_claims(
                "init",
                found if claimed is None else claimed,
                data=None,
                accuracy=right if accuracy is None else accuracy,
            )
        return folder

    return write
