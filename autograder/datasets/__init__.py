"""Provide MNIST, Fashion-MNIST, CIFAR-10 and BloodMNIST, or a stand-in.

    from autograder import datasets
    dataset = datasets.mnist()

They are searched in the folder that `AUTOGRADER_DATA` names, in the user's cache
(`AUTOGRADER_CACHE` or `~/.cache/autograder`), and on the network; if a dataset is not found, a
stand-in is used, and a message says so. `AUTOGRADER_OFFLINE=1` disables the network.

    dataset.py    Dataset: arrays, kind, checksum
    find.py       the order of the search
      places.py     folders and cache
      originals.py  the published files, by the loaders of torchvision and medmnist
      download.py   downloads
      stand_ins.py  stand-ins; cells.py draws BloodMNIST's, as looks.py describes, garments.py
                    Fashion-MNIST's and objects.py CIFAR-10's, both with drawing.py
    published.py  datasets in the file formats of the originals
    loaders.py    lets students' own calls, such as torchvision's, give the small data of a run
      served.py     the answers to their requests; openml.py those to scikit-learn's
      resizing.py   sizes meant for the published dataset, scaled to the small one
    prepared.py   a dataset in one file that numpy alone can read; prepare.py is the command for it
    reducing.py   small subsets for runs with little time
    course_data.py  a course's own data
    data.py       the `data` fixture of a rubric

The student release contains this package; it needs numpy, and the loaders only to read their files.
"""

from autograder.datasets.course_data import CourseDataset, CourseFiles
from autograder.datasets.data import Data
from autograder.datasets.dataset import Dataset, DatasetError
from autograder.datasets.find import find
from autograder.datasets.looks import CLASSES as BLOOD_CLASSES
from autograder.datasets.prepared import load_prepared, write_prepared
from autograder.datasets.reducing import reduce

__all__ = [
    "BLOOD_CLASSES",
    "CourseDataset",
    "CourseFiles",
    "Data",
    "Dataset",
    "DatasetError",
    "bloodmnist",
    "cifar10",
    "fashion_mnist",
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


def fashion_mnist() -> Dataset:
    """Return Fashion-MNIST, split as `mnist` is, images `(N, 28, 28)`."""
    return find("fashion-mnist")


def cifar10() -> Dataset:
    """Return CIFAR-10: 41,667 train, 8,333 validation and 10,000 test images `(N, 32, 32, 3)`.

    CIFAR-10 has no validation split of its own; this is the last sixth of its training images.
    """
    return find("cifar-10")


def bloodmnist() -> Dataset:
    """Return BloodMNIST: 11,959 train, 1,712 validation and 3,421 test images `(N, 28, 28, 3)`."""
    return find("bloodmnist")
