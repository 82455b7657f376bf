"""Find a dataset: `AUTOGRADER_DATA`, the user's cache, a download, and then a stand-in."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.datasets.dataset import Dataset, DatasetError
from autograder.datasets.download import (
    NoDownload,
    download_bloodmnist,
    download_cifar10,
    download_fashion_mnist,
    download_mnist,
)
from autograder.datasets.originals import (
    CIFAR_FOLDER,
    MNIST_FILES,
    read_bloodmnist,
    read_cifar10,
    read_fashion_mnist,
    read_mnist,
)
from autograder.datasets.places import cache_folder, fresh_folder, given_folder, say
from autograder.datasets.prepared import is_prepared, load_prepared
from autograder.datasets.stand_ins import (
    cells_for_bloodmnist,
    digits_for_mnist,
    garments_for_fashion_mnist,
    objects_for_cifar10,
)


@dataclass(frozen=True)
class DatasetSource:
    """How to obtain one dataset.

    Attributes:
        title: its usual name.
        read: reads the published files in a folder; returns None if they are missing.
        download: downloads them to a folder.
        files: the published files, relative to a folder.
        top: the entry of a folder that contains them.
        stand_in: creates the stand-in.
        stand_in_sentence: a sentence about the stand-in.
        words: names in code that loads it, here and in other libraries.
    """

    title: str
    read: Callable[[Path], Dataset | None]
    download: Callable[[Path], None]
    files: tuple[str, ...]
    top: str
    stand_in: Callable[[], Dataset]
    stand_in_sentence: str
    words: tuple[str, ...]


SOURCES = {
    "mnist": DatasetSource(
        "MNIST",
        read_mnist,
        download_mnist,
        tuple(f"MNIST/raw/{name}" for name in MNIST_FILES),
        "MNIST",
        digits_for_mnist,
        "The 1,797 handwritten digits of scikit-learn, enlarged and shifted, are used instead",
        ("mnist", "MNIST", "mnist_784"),
    ),
    "fashion-mnist": DatasetSource(
        "Fashion-MNIST",
        read_fashion_mnist,
        download_fashion_mnist,
        tuple(f"FashionMNIST/raw/{name}.gz" for name in MNIST_FILES),
        "FashionMNIST",
        garments_for_fashion_mnist,
        "14,000 drawn garments, shoes and bags are used instead",
        ("fashion_mnist", "FashionMNIST"),
    ),
    "cifar-10": DatasetSource(
        "CIFAR-10",
        read_cifar10,
        download_cifar10,
        (f"{CIFAR_FOLDER}/batches.meta",),
        CIFAR_FOLDER,
        objects_for_cifar10,
        "14,000 drawn vehicles and animals are used instead",
        ("cifar10", "CIFAR10"),
    ),
    "bloodmnist": DatasetSource(
        "BloodMNIST",
        read_bloodmnist,
        download_bloodmnist,
        ("bloodmnist.npz",),
        "bloodmnist.npz",
        cells_for_bloodmnist,
        "17,092 drawn cells, none of them from a person, are used instead",
        ("bloodmnist", "BloodMNIST"),
    ),
}


def find(name: str) -> Dataset:
    """Return a dataset by its name.

    Raises:
        DatasetError: the name is unknown, or the data in `AUTOGRADER_DATA` cannot be used.
    """
    if name not in SOURCES:
        *others, last = SOURCES
        known = f"{', '.join(others)} and {last}"
        raise DatasetError(f"Unknown dataset {name!r}; {known} are known.")
    source = SOURCES[name]
    dataset = _given(name) or _cached(name)
    if dataset is not None:
        return dataset
    try:
        return _downloaded(source)
    except NoDownload as reason:
        say(_banner(source, str(reason)))
    return source.stand_in()


def read_from(folder: Path, name: str) -> Dataset | None:
    """Read a dataset from a folder, prepared or as published; None if it is missing.

    Raises:
        DatasetError: it exists but cannot be used.
    """
    prepared = folder / f"{name}.npz"
    if prepared.exists() and (is_prepared(prepared) or prepared.name not in SOURCES[name].files):
        return load_prepared(folder, name)
    return SOURCES[name].read(folder)


def _given(name: str) -> Dataset | None:
    folder = given_folder()
    if folder is None:
        return None
    if not folder.is_dir():
        raise DatasetError(
            f"AUTOGRADER_DATA is {folder}, which is not a folder; set it to a folder, or unset it."
        )
    dataset = read_from(folder, name)
    if dataset is None:
        say(
            f"autograder: {folder} (AUTOGRADER_DATA) does not contain "
            f"{SOURCES[name].title}; searching elsewhere."
        )
    return dataset


def _cached(name: str) -> Dataset | None:
    """Read it from the cache; report damaged files and do not use them."""
    try:
        return read_from(cache_folder(), name)
    except DatasetError as error:
        say(f"autograder: {error}")
        return None


def _downloaded(source: DatasetSource) -> Dataset:
    cache = cache_folder()
    with fresh_folder(cache) as folder:
        source.download(folder)
        try:
            dataset = source.read(folder)
        except DatasetError as error:
            raise NoDownload(str(error)) from None
        if dataset is None:
            raise NoDownload("the download brought no files")
        if folder.parent == cache:
            _keep(folder / source.top, cache / source.top, folder / "before")
        return dataset


def _keep(new: Path, place: Path, before: Path) -> None:
    """Move a complete download to its place, replacing damaged files."""
    try:
        if place.exists():
            os.rename(place, before)
        os.rename(new, place)
    except OSError:  # another process has stored the same meanwhile
        shutil.rmtree(new, ignore_errors=True)


def _banner(source: DatasetSource, reason: str) -> str:
    line = "=" * 78
    return (
        f"{line}\nNOT THE REAL {source.title.upper()}: it was not found, and {reason}.\n"
        f"{source.stand_in_sentence}; results on it are not results on {source.title}.\n"
        f"Run this again with a network, or set AUTOGRADER_DATA to a folder that contains "
        f"{source.files[0]}.\n{line}"
    )
