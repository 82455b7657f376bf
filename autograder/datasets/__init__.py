"""MNIST and BloodMNIST, wherever they are, or what stands in for them.

    from autograder import datasets
    dataset = datasets.mnist()

They are looked for in the folder that `AUTOGRADER_DATA` names, in the user's cache
(`AUTOGRADER_CACHE` or `~/.cache/autograder`), and on the net; what cannot be had is replaced by a
stand-in, which says so. `AUTOGRADER_OFFLINE=1` does without the net.

    dataset.py    what a data set is: arrays, kind, checksum
    find.py       the order of looking: places.py where, originals.py the published files by the
                  loaders of torchvision and medmnist, download.py, stand_ins.py
    cells.py      draws the stand-in for BloodMNIST, as looks.py says
    prepared.py   a data set in one file that takes numpy alone; prepare.py the command for it
    reducing.py   small subsets for runs that have no time
    data.py       the `data` fixture of a rubric

The student release carries a copy of this; it needs numpy, and the loaders only to read their
files.
"""

from autograder.datasets.data import Data
from autograder.datasets.dataset import Dataset, DatasetError
from autograder.datasets.find import find
from autograder.datasets.looks import CLASSES as BLOOD_CLASSES
from autograder.datasets.prepared import load_prepared, write_prepared
from autograder.datasets.reducing import reduce

__all__ = [
    "BLOOD_CLASSES",
    "Data",
    "Dataset",
    "DatasetError",
    "bloodmnist",
    "find",
    "load_prepared",
    "mnist",
    "reduce",
    "write_prepared",
]


def mnist() -> Dataset:
    """Return MNIST: 50,000 train, 10,000 validation and 10,000 test images `(N, 28, 28)`.

    MNIST has no validation split of its own; this is the last 10,000 of its training images.
    """
    return find("mnist")


def bloodmnist() -> Dataset:
    """Return BloodMNIST: 11,959 train, 1,712 validation and 3,421 test images `(N, 28, 28, 3)`."""
    return find("bloodmnist")
