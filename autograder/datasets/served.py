"""Answer requests for published datasets with the files of a run's small data.

Files are made when they are asked for, from the prepared data of the folder.
"""

import email.message
import hashlib
import io
import json
import urllib.error
import urllib.parse
import urllib.response
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.datasets.dataset import Dataset, DatasetError
from autograder.datasets.find import SOURCES
from autograder.datasets.openml import openml_answer
from autograder.datasets.originals import MNIST_FILES
from autograder.datasets.prepared import load_prepared
from autograder.datasets.published import (
    CIFAR_ARCHIVE,
    blood_file,
    cifar_archive,
    cifar_batches,
    idx_files,
)

_IDX = frozenset(f"{name}.gz" for name in MNIST_FILES)
# Servers of MNIST's four files; KMNIST and others have files of the same names elsewhere.
_MNIST_PLACES = (
    "ossci-datasets.s3.amazonaws.com/mnist/",
    "yann.lecun.com/exdb/mnist/",
    "storage.googleapis.com/cvdf-datasets/mnist/",
)
_FASHION_PLACE = "fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
# How many images the published splits have.
_SIZES = {
    "mnist": {"train": 60_000, "test": 10_000},
    "fashion-mnist": {"train": 60_000, "test": 10_000},
    "cifar-10": {"train": 50_000, "test": 10_000},
    "bloodmnist": {"train": 11_959, "val": 1_712, "test": 3_421},
}


ADDRESSES = "addresses.json"
"""The file of a folder that says which of its files belong to which addresses."""


class Served:
    """The small data of a run, in the published formats.

    Args:
        folder: contains the prepared datasets.

    Attributes:
        digests: the SHA-256 of all files that were made here.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.names = [name for name in SOURCES if (folder / f"{name}.npz").is_file()]
        self.digests: set[str] = set()
        self._datasets: dict[str, Dataset] = {}
        self._files: dict[str, Mapping[str, bytes]] = {}
        self._addresses = _addresses(folder / ADDRESSES)

    def answer(self, url: str) -> "ServedResponse":
        """Return the answer to a request.

        Raises:
            URLError: the address is not that of a dataset of this run.
        """
        content = self._content(url)
        if content is None:
            words = ", ".join([*self.names, *self._addresses]) or "none"
            raise urllib.error.URLError(
                f"{url} is not available: code is graded without a network, with the datasets "
                f"that the assignment needs ({words})"
            )
        return ServedResponse(content, url)

    def serves_loader(self, loader: Any) -> bool:
        """Return whether the files of a loader, an object of a library's class, are served."""
        return self._name_of(loader) is not None

    def published_size(self, data: Any) -> int | None:
        """Return how many images the published form of a loader's split has; None for others."""
        name = self._name_of(data)
        if name is None:
            return None
        split = getattr(data, "split", None)
        if split is None:
            split = "train" if getattr(data, "train", True) else "test"
        return _SIZES[name].get(split) if isinstance(split, str) else None

    def sizes(self, name: str) -> tuple[int, int, int] | None:
        """Return the sizes of the small splits of a dataset that is served."""
        if name not in self.names:
            return None
        data = self._dataset(name)
        return len(data.train_labels), len(data.validation_labels), len(data.test_labels)

    def _name_of(self, loader: Any) -> str | None:
        kind = type(loader)
        mirrors = getattr(kind, "mirrors", ())
        first = f"{MNIST_FILES[0]}.gz"
        urls = [f"{mirror}{first}" for mirror in mirrors] + [getattr(kind, "url", "")]
        if getattr(kind, "flag", "") == "bloodmnist":
            urls.append("https://zenodo.org/bloodmnist.npz")
        names = (_name_of_url(url) for url in urls if isinstance(url, str))
        return next((name for name in names if name in self.names), None)

    def _content(self, url: str) -> bytes | None:
        if url in self._addresses:
            content = (self._folder / self._addresses[url]).read_bytes()
            self.digests.add(hashlib.sha256(content).hexdigest())
            return content
        if "mnist" in self.names and "openml.org/" in url:
            return openml_answer(url, self._dataset("mnist"))
        name = _name_of_url(url)
        if name not in self.names:
            return None
        if name not in self._files:
            files, inner = _FILES[name](self._dataset(name))
            self._files[name] = files
            contents = [*files.values(), *inner.values()]
            self.digests |= {hashlib.sha256(content).hexdigest() for content in contents}
        return self._files[name].get(_file_of(url))

    def _dataset(self, name: str) -> Dataset:
        if name not in self._datasets:
            try:
                self._datasets[name] = load_prepared(self._folder, name)
            except DatasetError as error:
                raise urllib.error.URLError(str(error)) from None
        return self._datasets[name]


def _addresses(file: Path) -> dict[str, str]:
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


class ServedResponse(urllib.response.addinfourl):
    """What a server sends, from memory."""

    def __init__(self, content: bytes, url: str) -> None:
        headers = email.message.Message()
        headers["Content-Length"] = str(len(content))
        super().__init__(io.BytesIO(content), headers, url, 200)
        self.length, self.msg = len(content), "OK"


def _name_of_url(url: str) -> str | None:
    """Return the name of the dataset to which a published file belongs."""
    place = url.partition("://")[2]
    file = _file_of(url)
    if file in _IDX and place.startswith(_MNIST_PLACES):
        return "mnist"
    if file in _IDX and (place.startswith(_FASHION_PLACE) or "/fashion-mnist/" in place):
        return "fashion-mnist"
    if file == CIFAR_ARCHIVE:
        return "cifar-10"
    return "bloodmnist" if file == "bloodmnist.npz" else None


def _file_of(url: str) -> str:
    return urllib.parse.urlsplit(url).path.rpartition("/")[2]


Files = tuple[Mapping[str, bytes], Mapping[str, bytes]]


def _cifar(dataset: Dataset) -> Files:
    batches = cifar_batches(dataset)
    return {CIFAR_ARCHIVE: cifar_archive(batches)}, batches


_FILES: dict[str, Callable[[Dataset], Files]] = {
    "mnist": lambda dataset: (idx_files(dataset), {}),
    "fashion-mnist": lambda dataset: (idx_files(dataset), {}),
    "cifar-10": _cifar,
    "bloodmnist": lambda dataset: ({"bloodmnist.npz": blood_file(dataset)}, {}),
}
