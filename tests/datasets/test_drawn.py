"""Garments and objects stand in for Fashion-MNIST and CIFAR-10."""

import hashlib

import numpy as np
import pytest

from autograder import datasets
from autograder.datasets import garments, objects
from autograder.datasets.prepare import main
from autograder.datasets.published import cifar_archive, cifar_batches, idx_files, write_published

FEW = {"train": 60, "validation": 20, "test": 20}


@pytest.fixture
def few(monkeypatch):
    """Let both stand-ins be drawn in no time."""
    for module in (garments, objects):
        for split, count in FEW.items():
            monkeypatch.setitem(module.COUNTS, split, count)


@pytest.mark.parametrize(
    ("name", "find", "shape", "module"),
    [
        ("FASHION-MNIST", datasets.fashion_mnist, (28, 28), garments),
        ("CIFAR-10", datasets.cifar10, (32, 32, 3), objects),
    ],
)
def test_a_stand_in_says_so_and_is_kept(few, machine, capsys, name, find, shape, module):
    dataset = find()
    assert f"NOT THE REAL {name}" in capsys.readouterr().err
    assert dataset.kind == "stand-in" and dataset.classes == module.CLASSES
    assert dataset.train_images.shape == (60, *shape) and dataset.train_images.dtype == np.uint8
    assert np.bincount(dataset.train_labels).tolist() == [6] * 10
    [kept] = machine.rglob("*.npz")
    written = kept.stat().st_mtime_ns
    assert find().sha256 == dataset.sha256 and kept.stat().st_mtime_ns == written


@pytest.mark.parametrize("module", [garments, objects])
def test_splits_and_seeds_draw_different_images(few, module):
    images, labels = module.draw_split("test")
    again, same_labels = module.draw_split("test")
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, same_labels)
    assert not np.array_equal(images, module.draw_split("validation")[0])
    assert not np.array_equal(images, module.draw_split("test", seed=1)[0])


@pytest.mark.parametrize(
    ("drawn", "digest"),
    [
        (lambda rng: garments.draw(np.arange(10), rng), "d1c76e1c8514625b"),
        (lambda rng: np.concatenate([objects.draw(label, 2, rng) for label in range(10)]),
         "8e332dbe05a6f0e2"),
    ],
)  # fmt: skip
def test_the_bytes_are_the_same_on_every_machine(drawn, digest):
    images = drawn(np.random.default_rng(7))
    assert hashlib.sha256(images.tobytes()).hexdigest()[:16] == digest
    assert images.max() > 200 and images.reshape(len(images), -1).std(axis=1).min() > 2


def nearest_mean(train, labels, test):
    x = train.reshape(len(train), -1).astype(float)
    means = np.array([x[labels == label].mean(0) for label in range(10)])
    distance = ((test.reshape(len(test), 1, -1) - means) ** 2).sum(-1)
    return distance.argmin(1)


def test_garments_are_easy_for_means_and_objects_are_not():
    rng, labels = np.random.default_rng(1), np.arange(400) % 10
    train, test = (garments.draw(labels, rng) for _ in range(2))
    assert 0.5 < (nearest_mean(train, labels, test) == labels).mean() < 0.85
    labels = np.repeat(np.arange(10), 40)
    train, test = (
        np.concatenate([objects.draw(label, 40, rng) for label in range(10)]) for _ in range(2)
    )
    assert 0.12 < (nearest_mean(train, labels, test) == labels).mean() < 0.4


def test_garments_in_the_published_format_are_read_by_torchvision(few, given):
    pytest.importorskip("torchvision", reason="torchvision is not installed")
    splits = [garments.draw_split(split) for split in FEW]
    drawn = datasets.Dataset.of("fashion-mnist", "stand-in", splits, garments.CLASSES)
    write_published(drawn, given)
    read = datasets.fashion_mnist()
    # Read, the last sixth of the training images are for validation.
    np.testing.assert_array_equal(read.all_train()[0], drawn.all_train()[0])
    np.testing.assert_array_equal(read.test_labels, drawn.test_labels)
    assert read.kind == "stand-in"


def test_batches_that_are_not_the_published_ones_are_not_unpickled(few, given):
    pytest.importorskip("torchvision", reason="torchvision is not installed")
    splits = [objects.draw_split(split) for split in FEW]
    write_published(datasets.Dataset.of("cifar-10", "stand-in", splits, objects.CLASSES), given)
    bomb = b"cos\nsystem\n(S'touch " + str(given / "harm").encode() + b"'\ntR."
    (given / "cifar-10-batches-py" / "batches.meta").write_bytes(bomb)
    with pytest.raises(datasets.DatasetError, match="does not contain the published batches"):
        datasets.cifar10()
    assert not (given / "harm").exists()


def test_the_same_data_gives_the_same_files(few):
    splits = [objects.draw_split(split) for split in FEW]
    drawn = datasets.Dataset.of("cifar-10", "stand-in", splits, objects.CLASSES)
    assert cifar_archive(cifar_batches(drawn)) == cifar_archive(cifar_batches(drawn))
    splits = [garments.draw_split(split) for split in FEW]
    drawn = datasets.Dataset.of("fashion-mnist", "stand-in", splits, garments.CLASSES)
    assert idx_files(drawn) == idx_files(drawn)


def test_the_command_writes_the_published_format(few, machine, tmp_path, capsys):
    assert main(["fashion-mnist", "--published", "--into", str(tmp_path / "out")]) == 0
    files = sorted((tmp_path / "out" / "FashionMNIST" / "raw").iterdir())
    assert [file.suffix for file in files] == [".gz"] * 4
    assert main(["cifar-10", "--published", "--into", "/dev/null/out"]) == 1
    assert "name a folder that can" in capsys.readouterr().err
