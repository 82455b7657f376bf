"""Read the published datasets with torchvision's and medmnist's own loaders."""

import dataclasses
import gzip
import hashlib
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

from autograder.datasets.dataset import Dataset, DatasetError, checked_split
from autograder.datasets.looks import CLASSES
from autograder.datasets.places import say

MNIST_FILES = tuple(
    f"{part}-{what}-ubyte" for part in ("train", "t10k") for what in ("images-idx3", "labels-idx1")
)
MNIST_CLASSES = tuple("0123456789")
# The checksum of the published arrays, split as by `read_mnist`.
MNIST_SHA256 = "6474d466d776c18ca3153adadcadae044395381d7c67e5dcecf8889c8fb4173b"


def read_mnist(folder: Path) -> Dataset | None:
    """Read `<folder>/MNIST/raw`, the four files plain or gzipped; None if all are missing.

    Raises:
        DatasetError: a file is missing or damaged, or torchvision is not installed.
    """
    raw = folder / "MNIST" / "raw"
    plain = {name for name in MNIST_FILES if (raw / name).is_file()}
    zipped = {name for name in MNIST_FILES if (raw / f"{name}.gz").is_file()} - plain
    missing = set(MNIST_FILES) - plain - zipped
    if missing == set(MNIST_FILES):
        return None
    if missing:
        raise DatasetError(
            f"{raw} contains only part of MNIST, {' and '.join(sorted(missing))} "
            f"{'is' if len(missing) == 1 else 'are'} missing; fetch all four files anew."
        )
    if not zipped:
        return _load_mnist(folder)
    with tempfile.TemporaryDirectory(prefix="autograder-mnist-") as place:
        unpacked = Path(place) / "MNIST" / "raw"
        unpacked.mkdir(parents=True)
        for name in zipped:
            _unzip(raw / f"{name}.gz", unpacked / name)
        for name in plain:
            shutil.copyfile(raw / name, unpacked / name)
        return _load_mnist(Path(place), raw)


def _unzip(file: Path, place: Path) -> None:
    try:
        with gzip.open(file) as stream, place.open("wb") as out:
            shutil.copyfileobj(stream, out)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DatasetError(f"{file} is damaged or was cut off; fetch it anew.") from None


def _load_mnist(root: Path, shown: Path | None = None) -> Dataset:
    shown = shown or root / "MNIST" / "raw"
    loaded = []
    for train in (True, False):
        split = _load_split(root, train, shown)
        where = f"{'train' if train else 't10k'} in {shown}"
        loaded.append(checked_split(split.data.numpy(), split.targets.numpy(), where, 10))
    (images, labels), test = loaded
    # MNIST has no official validation split; this is the last 10,000 of 60,000.
    cut = len(labels) - len(labels) // 6
    splits = [(images[:cut], labels[:cut]), (images[cut:], labels[cut:]), test]
    dataset = Dataset.of("mnist", "real", splits, MNIST_CLASSES)
    return _real_or_not(dataset, dataset.sha256 == MNIST_SHA256, shown)


def _load_split(root: Path, train: bool, shown: Path) -> Any:
    try:
        from torchvision.datasets import MNIST
    except ImportError:
        raise _not_installed("torchvision", shown) from None
    try:
        return MNIST(str(root), train=train, download=False)
    except Exception as error:  # the loader raises any error of its parser
        part = "train" if train else "t10k"
        raise DatasetError(
            f"torchvision cannot read the files {part}-* in {shown} ({_short(error)}), they are "
            f"damaged or were cut off; fetch them anew."
        ) from None


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
    with file.open("rb") as stream:
        published = hashlib.file_digest(stream, _md5).hexdigest() == INFO["bloodmnist"]["MD5"]
    return _real_or_not(dataset, published, file)


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
