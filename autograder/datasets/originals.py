"""Read the published datasets with torchvision's and medmnist's own loaders."""

import dataclasses
import gzip
import hashlib
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.datasets import garments, objects
from autograder.datasets.dataset import Dataset, DatasetError, Split, checked_split
from autograder.datasets.looks import CLASSES
from autograder.datasets.places import say

MNIST_FILES = tuple(
    f"{part}-{what}-ubyte" for part in ("train", "t10k") for what in ("images-idx3", "labels-idx1")
)
MNIST_CLASSES = tuple("0123456789")
# The checksum of the published arrays, split as by `read_mnist`.
MNIST_SHA256 = "6474d466d776c18ca3153adadcadae044395381d7c67e5dcecf8889c8fb4173b"
CIFAR_FOLDER = "cifar-10-batches-py"


@dataclass(frozen=True)
class _IdxFiles:
    """A dataset in MNIST's file format.

    Attributes:
        name: its name here.
        loader: the name of its class in torchvision.datasets.
        title: its usual name.
        classes: the names of its classes.
    """

    name: str
    loader: str
    title: str
    classes: tuple[str, ...]


_MNIST = _IdxFiles("mnist", "MNIST", "MNIST", MNIST_CLASSES)
_FASHION = _IdxFiles("fashion-mnist", "FashionMNIST", "Fashion-MNIST", garments.CLASSES)


def read_mnist(folder: Path) -> Dataset | None:
    """Read `<folder>/MNIST/raw`, the four files plain or gzipped; None if all are missing.

    Raises:
        DatasetError: a file is missing or damaged, or torchvision is not installed.
    """
    dataset = _read_idx(folder, _MNIST)
    if dataset is None:
        return None
    return _real_or_not(dataset, dataset.sha256 == MNIST_SHA256, folder / "MNIST" / "raw")


def read_fashion_mnist(folder: Path) -> Dataset | None:
    """Read `<folder>/FashionMNIST/raw`, as `read_mnist` does.

    The published checksums are those of the gzipped files, so only these can be known to be real.

    Raises:
        DatasetError: a file is missing or damaged, or torchvision is not installed.
    """
    raw = folder / "FashionMNIST" / "raw"
    published = _are_published(raw)
    dataset = _read_idx(folder, _FASHION, prefer_zipped=published)
    return None if dataset is None else _real_or_not(dataset, published, raw)


def _are_published(raw: Path) -> bool:
    """Return whether the gzipped files of Fashion-MNIST are the published ones."""
    files = {name: raw / f"{name}.gz" for name in MNIST_FILES}
    if not all(file.is_file() for file in files.values()):
        return False
    try:
        from torchvision.datasets import FashionMNIST
    except ImportError:
        return False  # `_load_split` says so
    published = dict(FashionMNIST.resources)
    return all(_md5_of(file) == published.get(file.name) for file in files.values())


def _read_idx(folder: Path, about: _IdxFiles, prefer_zipped: bool = False) -> Dataset | None:
    raw = folder / about.loader / "raw"
    plain = {name for name in MNIST_FILES if (raw / name).is_file()}
    zipped = {name for name in MNIST_FILES if (raw / f"{name}.gz").is_file()}
    if prefer_zipped:
        plain -= zipped
    zipped -= plain
    missing = set(MNIST_FILES) - plain - zipped
    if missing == set(MNIST_FILES):
        return None
    if missing:
        raise DatasetError(
            f"{raw} contains only part of {about.title}, {' and '.join(sorted(missing))} "
            f"{'is' if len(missing) == 1 else 'are'} missing; fetch all four files anew."
        )
    if not zipped:
        return _load_idx(folder, about, raw)
    with tempfile.TemporaryDirectory(prefix="autograder-mnist-") as place:
        unpacked = Path(place) / about.loader / "raw"
        unpacked.mkdir(parents=True)
        for name in zipped:
            _unzip(raw / f"{name}.gz", unpacked / name)
        for name in plain:
            shutil.copyfile(raw / name, unpacked / name)
        return _load_idx(Path(place), about, raw)


def _unzip(file: Path, place: Path) -> None:
    try:
        with gzip.open(file) as stream, place.open("wb") as out:
            shutil.copyfileobj(stream, out)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DatasetError(f"{file} is damaged or was cut off; fetch it anew.") from None


def _load_idx(root: Path, about: _IdxFiles, shown: Path) -> Dataset:
    loaded = []
    for train in (True, False):
        split = _load_split(root, about, train, shown)
        where = f"{'train' if train else 't10k'} in {shown}"
        loaded.append(checked_split(split.data.numpy(), split.targets.numpy(), where, 10))
    return _with_validation(about.name, loaded, about.classes)


def _with_validation(name: str, loaded: list[Split], classes: tuple[str, ...]) -> Dataset:
    """Return a dataset from its train and test split.

    There is no official validation split; this is the last sixth of the training images.
    """
    (images, labels), test = loaded
    cut = len(labels) - len(labels) // 6
    splits = [(images[:cut], labels[:cut]), (images[cut:], labels[cut:]), test]
    return Dataset.of(name, "real", splits, classes)


def _load_split(root: Path, about: _IdxFiles, train: bool, shown: Path) -> Any:
    try:
        from torchvision import datasets
    except ImportError:
        raise _not_installed("torchvision", shown) from None
    try:
        return getattr(datasets, about.loader)(str(root), train=train, download=False)
    except Exception as error:  # the loader raises any error of its parser
        part = "train" if train else "t10k"
        raise DatasetError(
            f"torchvision cannot read the files {part}-* in {shown} ({_short(error)}), they are "
            f"damaged or were cut off; fetch them anew."
        ) from None


def read_cifar10(folder: Path) -> Dataset | None:
    """Read `<folder>/cifar-10-batches-py`, the Python batches; None if they are missing.

    The batches are pickles. torchvision compares their checksums before it reads them, so only the
    published ones are read.

    Raises:
        DatasetError: the files are not the published ones, or torchvision is not installed.
    """
    place = folder / CIFAR_FOLDER
    if not place.is_dir():
        return None
    try:
        from torchvision.datasets import CIFAR10
    except ImportError:
        raise _not_installed("torchvision", place) from None
    loaded = []
    for train in (True, False):
        try:
            split = CIFAR10(str(folder), train=train, download=False)
        except Exception as error:  # the loader raises any error of its parser
            raise DatasetError(
                f"{place} does not contain the published batches of CIFAR-10 ({_short(error)}); "
                "fetch all of them anew."
            ) from None
        labels = np.asarray(split.targets, np.int64)
        where = f"{'train' if train else 'test'} in {place}"
        loaded.append(checked_split(split.data, labels, where, 10))
    return _with_validation("cifar-10", loaded, objects.CLASSES)


def read_bloodmnist(folder: Path) -> Dataset | None:
    """Read MedMNIST's `<folder>/bloodmnist.npz`; None if it is missing.

    Raises:
        DatasetError: it is damaged, or medmnist is not installed.
    """
    file = folder / "bloodmnist.npz"
    if not file.is_file():
        return None
    try:
        from medmnist import INFO, BloodMNIST
    except ImportError:
        raise _not_installed("medmnist", file) from None
    if not zipfile.is_zipfile(file):
        raise DatasetError(f"{file} is damaged or was cut off; fetch it anew.")
    splits = []
    for split in ("train", "val", "test"):
        try:
            loaded = BloodMNIST(split=split, root=str(folder), download=False)
        except Exception as error:  # the loader raises any error of its parser
            raise DatasetError(
                f"medmnist cannot read {split} in {file} ({_short(error)}), the file is damaged or "
                f"was cut off; fetch it anew."
            ) from None
        where = f"{split} in {file}"
        splits.append(checked_split(loaded.imgs, loaded.labels, where, len(CLASSES)))
    dataset = Dataset.of("bloodmnist", "real", splits, CLASSES)
    return _real_or_not(dataset, _md5_of(file) == INFO["bloodmnist"]["MD5"], file)


def _md5_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, _md5).hexdigest()


def _md5() -> Any:
    return hashlib.md5(usedforsecurity=False)


def _real_or_not(dataset: Dataset, published: bool, where: Path) -> Dataset:
    if published:
        return dataset
    say(f"autograder: {where} is not the published {dataset.name}; it is used unchanged.")
    return dataclasses.replace(dataset, kind="stand-in")


def _not_installed(package: str, where: Path) -> DatasetError:
    return DatasetError(
        f"{package}, which reads {where}, is not installed; run `pip install {package}`."
    )


def _short(error: Exception) -> str:
    first = str(error).strip().split("\n")[0][:100]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
