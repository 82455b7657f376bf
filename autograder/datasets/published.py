"""Write datasets in the file formats in which the originals are published.

    MNIST, Fashion-MNIST   gzipped IDX files
    CIFAR-10               a tar file of Python batches
    BloodMNIST             one .npz

The same arrays always give the same bytes.
"""

import gzip
import io
import pickle
import struct
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from autograder.datasets.dataset import Dataset, DatasetError
from autograder.datasets.originals import CIFAR_FOLDER, MNIST_FILES
from autograder.datasets.places import fresh_file

CIFAR_ARCHIVE = "cifar-10-python.tar.gz"
_ROW = 32 * 32 * 3


def idx_files(dataset: Dataset) -> dict[str, bytes]:
    """Return the four files of a dataset in MNIST's format, by their names."""
    images, labels = dataset.all_train()
    arrays = (images, labels, dataset.test_images, dataset.test_labels)
    return {
        f"{name}.gz": _zipped(_idx(np.asarray(array, np.uint8)))
        for name, array in zip(MNIST_FILES, arrays, strict=True)
    }


def cifar_batches(dataset: Dataset) -> dict[str, bytes]:
    """Return CIFAR-10's batches and their description, by their names."""
    images, labels = dataset.all_train()
    files = {}
    for number, rows in enumerate(np.array_split(np.arange(len(labels)), 5), start=1):
        words = f"training batch {number} of 5"
        files[f"data_batch_{number}"] = _batch(images[rows], labels[rows], words)
    files["test_batch"] = _batch(dataset.test_images, dataset.test_labels, "testing batch 1 of 1")
    about = {
        "num_cases_per_batch": -(-len(labels) // 5),
        "label_names": list(dataset.classes),
        "num_vis": _ROW,
    }
    return files | {"batches.meta": pickle.dumps(about, protocol=2)}


def cifar_archive(batches: Mapping[str, bytes]) -> bytes:
    """Return the archive that is published, with these batches."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in batches.items():
            entry = tarfile.TarInfo(f"{CIFAR_FOLDER}/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return _zipped(written.getvalue())


def blood_file(dataset: Dataset) -> bytes:
    """Return MedMNIST's file."""
    splits = {
        "train": (dataset.train_images, dataset.train_labels),
        "val": (dataset.validation_images, dataset.validation_labels),
        "test": (dataset.test_images, dataset.test_labels),
    }
    arrays: dict[str, Any] = {}
    for split, (images, labels) in splits.items():
        arrays[f"{split}_images"] = images
        arrays[f"{split}_labels"] = labels.astype(np.uint8).reshape(-1, 1)
    written = io.BytesIO()
    np.savez(written, **arrays)
    return written.getvalue()


_FILES: dict[str, Callable[[Dataset], dict[str, bytes]]] = {
    "mnist": lambda dataset: {f"MNIST/raw/{n}": c for n, c in idx_files(dataset).items()},
    "fashion-mnist": lambda dataset: {
        f"FashionMNIST/raw/{n}": c for n, c in idx_files(dataset).items()
    },
    "cifar-10": lambda dataset: {
        f"{CIFAR_FOLDER}/{n}": c for n, c in cifar_batches(dataset).items()
    },
    "bloodmnist": lambda dataset: {"bloodmnist.npz": blood_file(dataset)},
}


def write_published(dataset: Dataset, folder: Path) -> None:
    """Write a dataset where torchvision and medmnist look for it below a root folder.

    Raises:
        DatasetError: the folder is not writable.
    """
    for name, content in _FILES[dataset.name](dataset).items():
        place = folder / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with fresh_file(place) as stream:
                stream.write(content)
        except OSError as error:
            raise DatasetError(
                f"{place} cannot be written ({error.strerror or error}); name a folder that can."
            ) from None


def _idx(array: npt.NDArray[np.uint8]) -> bytes:
    head = struct.pack(">BBBB", 0, 0, 8, array.ndim)
    return head + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def _batch(images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64], words: str) -> bytes:
    rows = np.ascontiguousarray(images.transpose(0, 3, 1, 2)).reshape(len(images), _ROW)
    content = {
        "batch_label": words,
        "labels": labels.tolist(),
        "data": rows,
        "filenames": [f"image_{number:05d}.png" for number in range(len(labels))],
    }
    return pickle.dumps(content, protocol=2)


def _zipped(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=1, mtime=0)
