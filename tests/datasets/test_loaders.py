"""Loaders of other libraries give the small data of a run, as long as it is served."""

import gzip
import os
import urllib.error
import urllib.request

import numpy as np
import pytest

from autograder.datasets import BLOOD_CLASSES, Dataset, write_prepared
from autograder.datasets.loaders import serving
from autograder.datasets.resizing import scaled_indices, scaled_lengths

tv = pytest.importorskip("torchvision.datasets", reason="torchvision is not installed")
DIGITS = tuple("0123456789")
# torchvision does not close what it downloads.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def random_data(name, shape, classes, sizes=(60, 20, 30)):
    rng = np.random.default_rng(2)
    splits = [
        (rng.integers(0, 256, (size, *shape), np.uint8), np.arange(size) % len(classes))
        for size in sizes
    ]
    return Dataset.of(name, "stand-in", splits, classes)


@pytest.fixture
def served(tmp_path, monkeypatch):
    """Serve four small data sets; the current folder is empty."""
    folder, here = tmp_path / "small", tmp_path / "here"
    found = {
        "mnist": random_data("mnist", (28, 28), DIGITS),
        "fashion-mnist": random_data("fashion-mnist", (28, 28), DIGITS),
        "cifar-10": random_data("cifar-10", (32, 32, 3), DIGITS),
        "bloodmnist": random_data("bloodmnist", (28, 28, 3), BLOOD_CLASSES),
    }
    for dataset in found.values():
        write_prepared(dataset, folder)
    here.mkdir()
    monkeypatch.chdir(here)
    with serving(folder):
        yield found


@pytest.mark.parametrize(
    ("name", "loader"),
    [("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST"), ("cifar-10", "CIFAR10")],
)
@pytest.mark.parametrize("download", [True, False])
def test_torchvision_reads_both_splits(served, name, loader, download):
    kind, data = getattr(tv, loader), served[name]
    train = kind("some/root", train=True, download=download)
    test = kind(root="some/root", train=False, download=download)
    np.testing.assert_array_equal(np.asarray(train.data), data.all_train()[0])
    np.testing.assert_array_equal(np.asarray(test.data), data.test_images)
    assert [int(label) for label in test.targets] == data.test_labels.tolist()
    assert len(train) == 80 and len(train.classes) == 10
    assert isinstance(train, kind) and type(train[0][1]) is int


def test_transforms_and_places_in_any_order_work(served):
    train = tv.MNIST("data", True, lambda image: image.size, lambda label: -label, True)
    assert train[3] == ((28, 28), -3)


def test_a_subclass_of_a_loader_works(served):
    class Mine(tv.MNIST):
        def __init__(self):
            super().__init__("mine", train=False)

    assert len(Mine()) == 30
    assert sorted(os.listdir("mine/Mine/raw"))[0].startswith("t10k")


@pytest.mark.parametrize("root", ["/proc/data", "taken/data", "\0"])
def test_a_root_that_cannot_be_written_to_is_replaced(served, root, capsys):
    with open("taken", "w"):
        pass
    assert len(tv.MNIST(root, train=False)) == 30
    assert os.path.isdir("data/MNIST/raw")


def test_medmnist_reads_all_splits(served):
    medmnist = pytest.importorskip("medmnist", reason="medmnist is not installed")
    for split, images in (
        ("train", served["bloodmnist"].train_images),
        ("val", served["bloodmnist"].validation_images),
        ("test", served["bloodmnist"].test_images),
    ):
        loaded = medmnist.BloodMNIST(split=split, download=True, root="cells")
        assert len(loaded) == len(images)  # medmnist compares it with the number it knows
        np.testing.assert_array_equal(loaded.imgs, images)


def test_scikit_learn_reads_openml(served):
    sklearn = pytest.importorskip("sklearn.datasets", reason="scikit-learn is not installed")
    x, y = sklearn.fetch_openml(
        "mnist_784", version=1, return_X_y=True, as_frame=False, parser="liac-arff",
        data_home="home",
    )  # fmt: skip
    np.testing.assert_array_equal(x[:80].reshape(80, 28, 28), served["mnist"].all_train()[0])
    assert x.shape == (110, 784) and y[:3].tolist() == ["0", "1", "2"]


def test_files_are_there_for_code_that_reads_them_itself(served):
    opener = urllib.request.build_opener()  # a widespread way round a server that refuses Python
    opener.addheaders = [("User-agent", "Mozilla/5.0")]
    before = urllib.request._opener
    urllib.request.install_opener(opener)
    try:
        place = "http://yann.lecun.com/exdb/mnist/t10k-labels-idx1-ubyte.gz"
        urllib.request.urlretrieve(place, "labels.gz")
    finally:
        urllib.request.install_opener(before)
    with gzip.open("labels.gz") as file:
        assert list(file.read()[8:]) == served["mnist"].test_labels.tolist()


@pytest.mark.parametrize("loader", ["KMNIST", "CIFAR100", "QMNIST"])
def test_other_data_sets_are_refused_in_words(served, loader):
    with pytest.raises((RuntimeError, urllib.error.URLError), match="graded without a network"):
        getattr(tv, loader)("data", download=True)


def test_a_file_that_was_changed_is_not_accepted(served):
    tv.CIFAR10("data")
    with open("data/cifar-10-batches-py/data_batch_2", "ab") as file:
        file.write(b"x")
    os.remove("data/cifar-10-python.tar.gz")
    utils = pytest.importorskip("torchvision.datasets.utils")
    assert not utils.check_integrity("data/cifar-10-batches-py/data_batch_2", "00")
    assert len(tv.CIFAR10("data")) == 80  # it is fetched anew


def test_the_changes_end(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_prepared(random_data("mnist", (28, 28), DIGITS), tmp_path / "small")
    before = tv.MNIST.__init__, urllib.request.HTTPSHandler.https_open
    with serving(tmp_path / "small"):
        assert tv.MNIST.__init__ is not before[0]
    assert (tv.MNIST.__init__, urllib.request.HTTPSHandler.https_open) == before
    with pytest.raises(RuntimeError, match="Dataset not found"):
        tv.MNIST("nowhere")


def test_splits_written_for_the_published_sizes_work(served):
    data = pytest.importorskip("torch.utils.data")
    train = tv.MNIST("data")
    assert [len(part) for part in data.random_split(train, [50_000, 10_000])] == [66, 14]
    assert [len(part) for part in data.random_split(train, [60, 20])] == [60, 20]
    assert [len(part) for part in data.random_split(train, [0.5, 0.5])] == [40, 40]
    first, rest = data.Subset(train, range(48_000)), data.Subset(train, range(48_000, 60_000))
    assert not set(first.indices) & set(rest.indices)
    assert len(first) + len(rest) == 80 and max(rest.indices) == 79
    assert data.Subset(train, range(10)).indices == range(10)
    own = data.TensorDataset(pytest.importorskip("torch").zeros(6))
    with pytest.raises(ValueError, match="Sum of input lengths"):
        data.random_split(own, [50_000, 10_000])


def test_shuffled_indices_stay_apart():
    order = np.random.default_rng(0).permutation(60_000)
    parts = [scaled_indices(part, 800, 60_000) for part in (order[:50_000], order[50_000:])]
    assert sorted(parts[0] + parts[1]) == list(range(800))
    assert 600 < len(parts[0]) < 730


@pytest.mark.parametrize(
    ("lengths", "size", "published"),
    [([3, 3], 6, 60), ([50, 20], 6, 60), ([0.5, 0.5], 6, 60), ("ab", 6, 60), ([30, 30], 6, None)],
)
def test_other_lengths_stay_as_they_are(lengths, size, published):
    assert scaled_lengths(lengths, size, published) is lengths
