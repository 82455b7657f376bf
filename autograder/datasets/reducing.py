"""Draw small datasets from large ones, for fast runs."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from autograder.datasets.dataset import Dataset, Labels

Indices = npt.NDArray[np.intp]


def reduce(dataset: Dataset, sizes: Mapping[str, int], seed: int) -> Dataset:
    """Draw a random subset in which every class keeps its share.

    Its "test" split is drawn from the TRAIN split, disjoint from its "train": the reduced dataset
    reveals no label of the real test split.

    Args:
        dataset: the dataset to draw from.
        sizes: images of "train", "validation" and "test"; a split that is not named keeps its
            size. If train and test together need more than the train split has, both shrink
            in proportion.
        seed: the same seed draws the same images.
    """
    rng = np.random.default_rng(seed)
    available = len(dataset.train_labels)
    train_size = sizes.get("train", available)
    test_size = sizes.get("test", len(dataset.test_labels))
    if train_size + test_size > available:
        shrunk = test_size * available // (train_size + test_size)
        train_size, test_size = available - shrunk, shrunk
    both = _draw(dataset.train_labels, train_size + test_size, rng)
    test = both[_draw(dataset.train_labels[both], test_size, rng)]
    train = rng.permutation(np.setdiff1d(both, test))
    wanted = sizes.get("validation", len(dataset.validation_labels))
    validation = _draw(dataset.validation_labels, wanted, rng)
    images, labels = dataset.train_images, dataset.train_labels
    splits = [
        (images[train], labels[train]),
        (dataset.validation_images[validation], dataset.validation_labels[validation]),
        (images[test], labels[test]),
    ]
    return Dataset.of(dataset.name, "reduced", splits, dataset.classes)


def _draw(labels: Labels, size: int, rng: np.random.Generator) -> Indices:
    """Draw indices without repetition, in proportion to the classes."""
    size = min(size, len(labels))
    shuffled = rng.permutation(len(labels))
    by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
    # Every k-th of the images in order of their classes.
    picked = by_class[(np.arange(size) * len(labels)) // size] if size else by_class[:0]
    return rng.permutation(picked)
