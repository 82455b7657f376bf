"""The `data` fixture of a rubric: the data sets, each read once."""

from pathlib import Path

from autograder.datasets.dataset import Dataset, DatasetError
from autograder.datasets.find import find
from autograder.datasets.prepared import load_prepared
from autograder.datasets.stand_ins import STAND_INS


class DataNotHere(DatasetError):
    """A real data set is needed, and only its stand-in is at hand."""


class Data:
    """Data sets for tests; their arrays cannot be written to, so no test spoils another's.

    Args:
        folder: holds prepared sets, which are read with numpy alone; without it, each set is
            looked for as the student's own code does.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._loaded: dict[str, Dataset] = {}
        self._stand_ins: dict[str, Dataset] = {}

    def mnist(self) -> Dataset:
        """Return MNIST, or what stands in for it."""
        return self.named("mnist")

    def bloodmnist(self) -> Dataset:
        """Return BloodMNIST, or what stands in for it."""
        return self.named("bloodmnist")

    def named(self, name: str) -> Dataset:
        """Return the data set of that name."""
        if name not in self._loaded:
            dataset = load_prepared(self._folder, name) if self._folder else find(name)
            for array in dataset.arrays():
                array.flags.writeable = False
            self._loaded[name] = dataset
        return self._loaded[name]

    def with_checksum(self, name: str, kind: str, sha256: str) -> Dataset | None:
        """Return the data set that something was measured on, or its stand-in if it was that.

        Args:
            name: of the data set.
            kind: what was said of it, such as "stand-in".
            sha256: its checksum.

        Returns:
            None where it is neither.

        Raises:
            DataNotHere: it is said to be the real one, which is not at hand.
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
                f"what was handed in was measured on the real {name}, which is not at hand here; "
                "set AUTOGRADER_DATA to a folder that holds it."
            )
        return None
