"""Datasets in one file: written, read with numpy alone, reduced, prepared by the command."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from autograder import datasets
from autograder.datasets import Data, Dataset, DatasetError, originals
from autograder.datasets.find import SOURCES
from autograder.datasets.prepare import main


@pytest.fixture
def blood(few_cells):
    return datasets.bloodmnist()


def test_what_is_written_is_read_back(blood, tmp_path):
    file = datasets.write_prepared(blood, tmp_path / "new")
    assert file == tmp_path / "new" / "bloodmnist.npz"
    again = datasets.load_prepared(tmp_path / "new", "bloodmnist")
    assert (again.name, again.kind, again.sha256) == ("bloodmnist", "stand-in", blood.sha256)
    assert again.classes == blood.classes
    for array, expected in zip(again.arrays(), blood.arrays(), strict=True):
        assert array.dtype == expected.dtype
        np.testing.assert_array_equal(array, expected)


def test_reading_takes_numpy_alone(blood, tmp_path):
    datasets.write_prepared(blood, tmp_path)
    code = (
        "import sys; from autograder import datasets; print(datasets.bloodmnist());"
        "print({'torch', 'torchvision', 'medmnist', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"AUTOGRADER_DATA": str(tmp_path), "PATH": ""},
        cwd=tmp_path,
    )
    assert done.stdout == "<bloodmnist, stand-in: 80 train, 24 validation, 32 test>\nset()\n"
    assert done.stderr == ""


def test_the_checksum_is_over_values_types_and_splits(blood):
    changed = blood.test_images.copy()
    changed[-1, -1, -1, -1] ^= 1
    others = [
        Dataset.of("bloodmnist", "stand-in", splits, blood.classes)
        for splits in (
            [*_splits(blood)[:2], (changed, blood.test_labels)],
            _splits(blood)[::-1],
            [(images, labels[::-1]) for images, labels in _splits(blood)],
        )
    ]
    assert len({blood.sha256, *(other.sha256 for other in others)}) == 4


def _splits(dataset):
    arrays = dataset.arrays()
    return [(arrays[i], arrays[i + 1]) for i in (0, 2, 4)]


def damaged(kind):
    """A way to damage the arrays of a prepared file, and the words that tell of it."""
    return {
        "a key is missing": (lambda a: a.pop("val_images"), "has no array 'val_images'"),
        "no classes": (lambda a: a.update(classes=np.array(3)), "no list of names in 'classes'"),
        "kind is a number": (lambda a: a.update(kind=np.array(3)), "than text in 'kind'"),
        "kind is unknown": (lambda a: a.update(kind=np.array("true")), "its kind is 'true'"),
        "another image": (
            lambda a: a["test_images"].__setitem__((0, 0, 0, 0), a["test_images"][0, 0, 0, 0] ^ 1),
            "does not hold what its checksum says",
        ),
        "another shape": (
            lambda a: a.update(test_images=a["test_images"][:, :27]),
            r"test in .* holds images of shape \(32, 27, 28, 3\)",
        ),
        "fewer labels": (
            lambda a: a.update(train_labels=a["train_labels"][1:]),
            "train in .* holds labels of shape",
        ),
        "objects": (
            lambda a: a.update(test_labels=np.array([None] * 32)),
            "cannot be read",
        ),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    "a key is missing,no classes,kind is a number,kind is unknown,another image,another shape,"
    "fewer labels,objects".split(","),
)
def test_a_wrong_file_is_named(blood, tmp_path, kind):
    file = datasets.write_prepared(blood, tmp_path)
    with np.load(file) as stored:
        arrays = dict(stored)
    change, words = damaged(kind)
    change(arrays)
    np.savez(file, **arrays)
    with pytest.raises(DatasetError, match=words) as caught:
        datasets.load_prepared(tmp_path, "bloodmnist")
    assert str(file) in str(caught.value) and "anew" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x04K\x01.", b"text\n" * 99])
def test_a_file_that_is_no_npz_is_named(tmp_path, content):
    (tmp_path / "mnist.npz").write_bytes(content)
    with pytest.raises(DatasetError, match=r"mnist\.npz cannot be read"):
        datasets.load_prepared(tmp_path, "mnist")


def test_a_lone_array_is_named(given):
    with (given / "mnist.npz").open("wb") as stream:
        np.save(stream, np.zeros(3))
    with pytest.raises(DatasetError, match=r"mnist\.npz cannot be read"):
        datasets.mnist()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"mnist\.npz is missing; run"):
        datasets.load_prepared(tmp_path, "mnist")


def test_nothing_is_left_of_a_file_that_could_not_be_written(blood, tmp_path, monkeypatch):
    def full(stream, **_):
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(DatasetError, match=r"cannot be written \(No space left on device"):
        datasets.write_prepared(blood, tmp_path / "full")
    assert list((tmp_path / "full").iterdir()) == []


def test_a_reduced_set_has_the_sizes_asked_for(blood):
    small = datasets.reduce(blood, {"train": 32, "validation": 8, "test": 16}, seed=1)
    assert [len(small.train_labels), len(small.validation_labels), len(small.test_labels)] == [
        32,
        8,
        16,
    ]
    assert small.kind == "reduced" and small.classes == blood.classes
    assert np.bincount(small.train_labels).tolist() == [4] * 8
    assert np.bincount(small.test_labels).tolist() == [2] * 8


def test_a_reduced_test_split_is_of_training_images_that_are_not_trained_on(blood):
    small = datasets.reduce(blood, {"train": 40, "test": 40}, seed=1)
    train, test = (
        {image.tobytes() for image in images} for images in (small.train_images, small.test_images)
    )
    assert train | test == {image.tobytes() for image in blood.train_images}
    assert not train & test


def test_images_keep_their_labels(blood):
    label = {
        image.tobytes(): label
        for images, labels in _splits(blood)
        for image, label in zip(images, labels, strict=True)
    }
    small = datasets.reduce(blood, {"train": 30, "validation": 10, "test": 10}, seed=3)
    for images, labels in _splits(small):
        assert [label[image.tobytes()] for image in images] == labels.tolist()


def test_the_seed_decides_what_is_drawn(blood):
    sizes = {"train": 20, "validation": 8, "test": 8}
    first, again, other = (datasets.reduce(blood, sizes, seed).sha256 for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("sizes", [{}, {"train": 1000, "test": 400, "validation": 999}])
def test_a_set_that_is_too_small_is_shared_out(blood, sizes):
    small = datasets.reduce(blood, sizes, seed=1)
    assert len(small.train_labels) + len(small.test_labels) == len(blood.train_labels)
    assert len(small.test_labels) == 22  # 80 as 80 to 32, or as 1000 to 400
    assert len(small.validation_labels) == len(blood.validation_labels)


def test_tests_cannot_spoil_the_data_of_others(blood, tmp_path):
    datasets.write_prepared(blood, tmp_path)
    data = Data(tmp_path)
    assert data.bloodmnist() is data.bloodmnist()
    with pytest.raises(ValueError, match="read-only"):
        data.bloodmnist().test_labels[0] = 1
    assert Data().bloodmnist().sha256 == blood.sha256  # as a student's own code finds it


def test_the_command_writes_what_numpy_reads(few_cells, tmp_path, capsys):
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    assert main(["mnist", "bloodmnist", "--into", str(tmp_path / "run")]) == 0
    assert datasets.load_prepared(tmp_path / "run", "mnist").test_labels.shape == (397,)
    assert datasets.load_prepared(tmp_path / "run", "bloodmnist").kind == "stand-in"


def test_the_command_says_in_one_line_what_is_wrong(given, write_mnist, tmp_path, capsys):
    (write_mnist(given) / "train-labels-idx1-ubyte").unlink()
    assert main(["mnist", "--into", str(tmp_path / "run")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "train-labels-idx1-ubyte is missing" in said
    assert main(["cifar", "--into", str(tmp_path / "run")]) == 1


def test_what_took_torch_to_read_is_kept_and_checked(
    given, machine, write_mnist, tmp_path, monkeypatch, capsys
):
    pytest.importorskip("torchvision", reason="torchvision is not installed")
    raw = write_mnist(given)
    monkeypatch.setattr(originals, "MNIST_SHA256", datasets.mnist().sha256)
    kept, written = machine / "prepared" / "mnist.npz", tmp_path / "run" / "mnist.npz"
    prepare = ["mnist", "--into", str(written.parent)]
    assert main(prepare) == 0 and kept.is_file()

    def never(folder):
        raise AssertionError("read again")

    source = SOURCES["mnist"]
    with monkeypatch.context() as patch:
        patch.setitem(SOURCES, "mnist", dataclasses.replace(source, read=never))
        written.unlink()
        assert main(prepare) == 0 and written.is_file()
    # Damaged, or of files that have changed since: read again.
    whole = kept.read_bytes()
    kept.write_bytes(whole[:3000] + b"\xff" * 500 + whole[3500:])
    assert main(prepare) == 0 and kept.read_bytes() == whole
    (raw / "t10k-labels-idx1-ubyte").unlink()
    assert main(prepare) == 1
