"""Provide the `data` fixture of rubrics: the datasets, each read once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.datasets.course_data import CourseDataset
from autograder.datasets.dataset import Dataset, DatasetError
from autograder.datasets.find import find
from autograder.datasets.prepared import load_prepared
from autograder.datasets.stand_ins import STAND_INS


class DataNotHere(DatasetError):
    """A real dataset is needed, but only its stand-in is available."""


class Data:
    """Datasets for tests; their arrays are read-only, so tests cannot affect each other.

    Args:
        folder: contains prepared datasets, which need only numpy; without it, each dataset is
            searched for as by the student's own code.
        own: by name, the functions that read the course's own data.
    """

    def __init__(
        self,
        folder: Path | None = None,
        own: Mapping[str, Callable[[], CourseDataset]] = MappingProxyType({}),
    ) -> None:
        self._folder, self._own = folder, own
        self._loaded: dict[str, Dataset] = {}
        self._loaded_own: dict[str, CourseDataset] = {}
        self._stand_ins: dict[str, Dataset] = {}

    def __getitem__(self, name: str) -> Any:
        """Return the dataset of that name: a `CourseDataset` if it is the course's own."""
        return self.named(name) if name not in self._own else self._own_named(name)

    def sha256_of(self, name: str) -> str:
        """Return the checksum of the dataset of that name."""
        return str(self[name].sha256)

    def mnist(self) -> Dataset:
        """Return MNIST or its stand-in."""
        return self.named("mnist")

    def fashion_mnist(self) -> Dataset:
        """Return Fashion-MNIST or its stand-in."""
        return self.named("fashion-mnist")

    def cifar10(self) -> Dataset:
        """Return CIFAR-10 or its stand-in."""
        return self.named("cifar-10")

    def bloodmnist(self) -> Dataset:
        """Return BloodMNIST or its stand-in."""
        return self.named("bloodmnist")

    def named(self, name: str) -> Dataset:
        """Return the dataset of that name."""
        if name not in self._loaded:
            dataset = load_prepared(self._folder, name) if self._folder else find(name)
            for array in dataset.arrays():
                array.flags.writeable = False
            self._loaded[name] = dataset
        return self._loaded[name]

    def _own_named(self, name: str) -> CourseDataset:
        if name not in self._loaded_own:
            dataset = self._own[name]()
            for array in dataset.arrays():
                array.flags.writeable = False
            self._loaded_own[name] = dataset
        return self._loaded_own[name]

    def with_checksum(self, name: str, kind: str, sha256: str) -> Dataset | None:
        """Return the dataset that something was measured on, real or stand-in.

        Args:
            name: the dataset's name.
            kind: its claimed kind, such as "stand-in".
            sha256: its checksum.

        Returns:
            None if it is neither.

        Raises:
            DataNotHere: it is said to be the real one, which is not available.
        """
        own = self.named(name)
        if own.sha256 == sha256:
            return own
        if kind == "stand-in":
            if name not in self._stand_ins:
                self._stand_ins[name] = STAND_INS[name]()
            stand_in = self._stand_ins[name]
            return stand_in if stand_in.sha256 == sha256 else None
        if kind == "real" and own.kind != "real":
            raise DataNotHere(
                f"the submission was measured on the real {name}, which is not available here; "
                "set AUTOGRADER_DATA to a folder that contains it."
            )
        return None
