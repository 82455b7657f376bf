"""Let students' own calls of published loaders give the small data of a run.

    torchvision.datasets.MNIST(root, train=True, download=True)    also FashionMNIST and CIFAR10
    medmnist.BloodMNIST(split="train", download=True)
    sklearn.datasets.fetch_openml("mnist_784")
    urllib.request.urlretrieve(address, file)

The libraries run as they are: they "download" the files of the small data, in the published format,
and read them. Only these things differ: addresses of datasets are answered from a folder
(served.py), the checksum of an answered file is accepted, a dataset is downloaded even if
`download=True` is missing or `root` cannot be written to, and sizes that add up to those of the
published dataset are scaled (resizing.py).

What happens here happens in the student's process and cannot affect the judge's data.
"""

import functools
import hashlib
import inspect
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.datasets.resizing import scaled_indices, scaled_lengths
from autograder.datasets.served import Served
from autograder.notebook.libraries import AfterImport
from autograder.notebook.telling import say_once

_ELSEWHERE = "data"


class Loaders:
    """The changes to libraries while small data is served.

    Args:
        folder: the folder with the run's small data (prepared.py).
    """

    def __init__(self, folder: Path) -> None:
        self.served = Served(folder)
        self._undo: list[Callable[[], None]] = []
        self._finder = AfterImport(
            {
                "urllib.request": self._answer_requests,
                "torchvision.datasets.utils": self._accept_checksums,
                "torchvision.datasets.mnist": lambda module: self._always_find(module.MNIST),
                "torchvision.datasets.cifar": lambda module: self._always_find(module.CIFAR10),
                "medmnist.info": self._state_sizes,
                "medmnist.dataset": lambda module: self._always_find(module.MedMNIST),
                "torch.utils.data": self._scale_splits,
            }
        )

    def install(self) -> None:
        """Change the libraries, those that are not imported yet when they are."""
        self._finder.install()

    def remove(self) -> None:
        """Undo the changes."""
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    def _replace(self, holder: Any, name: str, new: object) -> None:
        before = getattr(holder, name)
        self._undo.append(lambda: setattr(holder, name, before))
        setattr(holder, name, new)

    def _answer_requests(self, request: Any) -> None:
        """Answer requests of every opener, also of one that student code builds itself."""
        served = self.served

        def answer(handler: Any, asked: Any) -> Any:
            return served.answer(asked.full_url)

        self._replace(request.HTTPHandler, "http_open", answer)
        self._replace(request.HTTPSHandler, "https_open", answer)

    def _accept_checksums(self, utils: Any) -> None:
        served, check = self.served, utils.check_md5

        @functools.wraps(check)
        def check_md5(fpath: Any, md5: str, **keywords: Any) -> bool:
            if check(fpath, md5, **keywords):
                return True
            with open(fpath, "rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            return found in served.digests

        self._replace(utils, "check_md5", check_md5)

    def _always_find(self, kind: Any) -> None:
        """Let a loader download what is served, to a folder that can be written to."""
        served, original = self.served, kind.__init__
        signature = inspect.signature(original)

        @functools.wraps(original)
        def with_data(self: Any, *arguments: Any, **keywords: Any) -> None:
            try:
                given = signature.bind(self, *arguments, **keywords)
            except TypeError:
                given = None
            if given is not None and served.serves_loader(self):
                given.apply_defaults()
                given.arguments["download"] = True
                given.arguments["root"] = _writable(given.arguments["root"])
                arguments, keywords = given.args[1:], given.kwargs
            original(self, *arguments, **keywords)

        self._replace(kind, "__init__", with_data)

    def _state_sizes(self, info: Any) -> None:
        """State the sizes of the small data, with which medmnist compares what it has read."""
        sizes = self.served.sizes("bloodmnist")
        if sizes is not None:
            about = info.INFO["bloodmnist"]
            before = about["n_samples"]
            self._undo.append(lambda: about.update(n_samples=before))
            about["n_samples"] = dict(zip(("train", "val", "test"), sizes, strict=True))

    def _scale_splits(self, data: Any) -> None:
        served, split, subset = self.served, data.random_split, data.Subset.__init__

        @functools.wraps(split)
        def random_split(dataset: Any, lengths: Any, *arguments: Any, **keywords: Any) -> Any:
            lengths = scaled_lengths(lengths, len(dataset), served.published_size(dataset))
            return split(dataset, lengths, *arguments, **keywords)

        @functools.wraps(subset)
        def of_small(self: Any, dataset: Any, indices: Any) -> None:
            published = served.published_size(dataset)
            subset(self, dataset, scaled_indices(indices, len(dataset), published))

        self._replace(data, "random_split", random_split)
        self._replace(data.dataset, "random_split", random_split)
        self._replace(data.Subset, "__init__", of_small)


def serve(folder: Path) -> None:
    """Serve small data in this process from now on."""
    Loaders(folder).install()


@contextmanager
def serving(folder: Path) -> Iterator[None]:
    """Serve small data until the context ends."""
    loaders = Loaders(folder)
    loaders.install()
    try:
        yield
    finally:
        loaders.remove()


def _writable(root: Any) -> str:
    """Return the folder where a dataset is kept: `root`, or one in the current folder."""
    wanted = os.path.expanduser(os.fspath(root) if root is not None else ".")
    try:
        os.makedirs(wanted, exist_ok=True)
        with tempfile.TemporaryFile(dir=wanted):
            return str(wanted)
    except (OSError, ValueError):
        say_once(f"the folder {wanted} cannot be written to here; data is read from {_ELSEWHERE}/")
        os.makedirs(_ELSEWHERE, exist_ok=True)
        return _ELSEWHERE
