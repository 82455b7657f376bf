"""Load MNIST and BloodMNIST from wherever they are, or a stand-in.

    from autograder import datasets
    dataset = datasets.mnist()

They are searched for in the folder `AUTOGRADER_DATA`, in the user's cache (`AUTOGRADER_CACHE` or
`~/.cache/autograder`), and on the internet; if all fail, a stand-in that says so replaces them.
`AUTOGRADER_OFFLINE=1` disables downloads.

    dataset.py    a dataset: arrays, kind, checksum
    find.py       the search order: places.py, originals.py (the published files, read by the
                  loaders of torchvision and medmnist), download.py, stand_ins.py
    cells.py      draws the stand-in for BloodMNIST from the parameters in looks.py
    prepared.py   a dataset in one file that needs only numpy; prepare.py is the command for it
    reducing.py   small subsets for fast runs
    data.py       the `data` fixture of rubrics

The student release contains this package; it needs numpy, and the loaders only for their files.
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

    MNIST does not define a validation split; these are the last 10,000 of its training images.
    """
    return find("mnist")


def bloodmnist() -> Dataset:
    """Return BloodMNIST: 11,959 train, 1,712 validation and 3,421 test images `(N, 28, 28, 3)`."""
    return find("bloodmnist")
