"""Create stand-ins for datasets that are not available, with a clear message on stderr."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from autograder.datasets import cells, garments, objects
from autograder.datasets.dataset import Dataset, DatasetError, Images, Split
from autograder.datasets.looks import CLASSES
from autograder.datasets.places import cache_folder, say
from autograder.datasets.prepared import load_prepared, write_prepared

DIGITS = tuple("0123456789")


COPIES = 20


def digits_for_mnist() -> Dataset:
    """Return scikit-learn's 1,797 digits, enlarged from 8 × 8 and shifted by up to a pixel.

    1,200 of them are for training, each in 20 positions, so that an epoch is long enough for
    learning; 200 are for validation and 397 for the test.

    Raises:
        DatasetError: scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise DatasetError(
            "scikit-learn, whose digits replace MNIST, is not installed; run "
            "`pip install scikit-learn`."
        ) from None
    digits = load_digits()
    images, labels = _enlarge(digits.images), digits.target.astype(np.int64)
    # They are ordered by writer; after shuffling, every writer is in every split.
    rng = np.random.default_rng(0)
    order = rng.permutation(len(labels))
    train, validation, test = np.split(order, [1200, 1400])
    splits = [
        (_moved(images[part], rng), labels[part])
        for part in (rng.permutation(np.tile(train, COPIES)), validation, test)
    ]
    return Dataset.of("mnist", "stand-in", splits, DIGITS)


def _enlarge(images: npt.NDArray[np.float64]) -> Images:
    """Scale 8 × 8 images of 0 to 16 bilinearly to 20 × 20 with a dark margin, as in MNIST."""
    place = (np.arange(20) + 0.5) * 8 / 20 - 0.5
    low = np.clip(np.floor(place).astype(int), 0, 6)
    part = np.clip(place - low, 0, 1)
    rows = images[:, low] * (1 - part)[:, None] + images[:, low + 1] * part[:, None]
    whole = rows[:, :, low] * (1 - part) + rows[:, :, low + 1] * part
    pixels = np.clip(np.floor(whole * 255 / 16 + 0.5), 0, 255).astype(np.uint8)
    return np.pad(pixels, ((0, 0), (4, 4), (4, 4)))


def _moved(images: Images, rng: np.random.Generator) -> Images:
    """Shift each image by at most one pixel vertically and horizontally."""
    rows, columns = rng.integers(0, 3, (2, len(images)))
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(images, ((0, 0), (1, 1), (1, 1))), (28, 28), axis=(1, 2)
    )
    moved: Images = windows[np.arange(len(images)), rows, columns]
    return moved


def cells_for_bloodmnist() -> Dataset:
    """Return drawn cell images, from the cache if they were drawn before."""
    folder = cache_folder() / f"stand-in-{cells.VERSION}"
    return _kept("bloodmnist", folder, cells.draw_split, CLASSES)


def garments_for_fashion_mnist() -> Dataset:
    """Return drawn garments, from the cache if they were drawn before."""
    folder = cache_folder() / f"stand-in-garments-{garments.VERSION}"
    return _kept("fashion-mnist", folder, garments.draw_split, garments.CLASSES)


def objects_for_cifar10() -> Dataset:
    """Return drawn objects, from the cache if they were drawn before."""
    folder = cache_folder() / f"stand-in-objects-{objects.VERSION}"
    return _kept("cifar-10", folder, objects.draw_split, objects.CLASSES)


def _kept(
    name: str, folder: Path, draw_split: Callable[[str], Split], classes: Sequence[str]
) -> Dataset:
    """Return a drawn dataset from the cache folder, or draw it and keep it there."""
    try:
        return load_prepared(folder, name)
    except DatasetError as error:
        if (folder / f"{name}.npz").exists():
            say(f"autograder: {error}")
    splits = [draw_split(split) for split in ("train", "validation", "test")]
    dataset = Dataset.of(name, "stand-in", splits, classes)
    try:
        write_prepared(dataset, folder)
    except DatasetError:
        say(f"autograder: {folder} is not writable, so stand-ins are drawn anew each time.")
    return dataset


STAND_INS = {
    "mnist": digits_for_mnist,
    "fashion-mnist": garments_for_fashion_mnist,
    "cifar-10": objects_for_cifar10,
    "bloodmnist": cells_for_bloodmnist,
}
