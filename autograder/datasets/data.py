"""The `data` fixture of a rubric: the data sets, each read once."""

from pathlib import Path

from autograder.datasets.dataset import Dataset
from autograder.datasets.find import find
from autograder.datasets.prepared import load_prepared


class Data:
    """Data sets for tests; their arrays cannot be written to, so no test spoils another's.

    Args:
        folder: holds prepared sets, which are read with numpy alone; without it, each set is
            looked for as the student's own code does.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._loaded: dict[str, Dataset] = {}

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
