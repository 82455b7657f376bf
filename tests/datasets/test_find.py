"""Where datasets are looked for, and what happens if they are broken there."""

import gzip
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from autograder import datasets
from autograder.datasets import DatasetError

REAL = os.environ.get("AUTOGRADER_DATA", "")

pytest.importorskip("torchvision", reason="torchvision is not installed")


def test_mnist_is_read_from_the_given_folder(given, write_mnist):
    write_mnist(given)
    dataset = datasets.mnist()
    assert dataset.train_images.shape == (50, 28, 28)
    assert dataset.validation_labels.shape == (10,)
    assert dataset.test_labels.tolist() == [*range(10), *range(10)]
    assert dataset.train_images.dtype == np.uint8 and dataset.train_labels.dtype == np.int64
    images, labels = dataset.all_train()
    assert images.shape == (60, 28, 28) and labels.shape == (60,)


def test_only_the_published_files_are_called_real(given, write_mnist, capsys):
    write_mnist(given)
    assert datasets.mnist().kind == "stand-in"
    assert "is not the published mnist" in capsys.readouterr().err


@pytest.mark.skipif(
    not os.path.isdir(os.path.join(REAL, "MNIST")),
    reason="AUTOGRADER_DATA does not contain MNIST",
)
def test_the_published_mnist_is_real(monkeypatch):
    monkeypatch.setenv("AUTOGRADER_DATA", REAL)
    dataset = datasets.mnist()
    assert dataset.kind == "real" and dataset.train_images.shape == (50_000, 28, 28)


def test_gzipped_files_do_as_well(given, write_mnist, tmp_path):
    write_mnist(given, zipped=True)
    zipped = datasets.mnist()
    shutil.rmtree(given / "MNIST")
    write_mnist(given)
    assert datasets.mnist().sha256 == zipped.sha256


def test_bloodmnist_is_read_by_medmnist(given, blood_arrays):
    pytest.importorskip("medmnist", reason="medmnist is not installed")
    np.savez(given / "bloodmnist.npz", **blood_arrays)
    dataset = datasets.bloodmnist()
    np.testing.assert_array_equal(dataset.test_images, blood_arrays["test_images"])
    assert dataset.train_labels.shape == (40,)
    assert dataset.classes == datasets.BLOOD_CLASSES


def test_the_cache_comes_after_the_given_folder(given, machine, write_mnist, capsys):
    write_mnist(machine)
    cached = datasets.mnist()
    assert "(AUTOGRADER_DATA) does not contain MNIST" in capsys.readouterr().err
    write_mnist(given, seed=1)
    assert datasets.mnist().sha256 != cached.sha256


def test_a_given_folder_that_is_not_there_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DatasetError, match="nowhere, which is not a folder; set it"):
        datasets.mnist()


def test_an_unknown_name_is_an_error():
    with pytest.raises(
        DatasetError, match="Unknown dataset 'cifar'; mnist, fashion-mnist, cifar-10 and bloodmnist"
    ):
        datasets.find("cifar")


def break_missing(raw):
    (raw / "t10k-labels-idx1-ubyte").unlink()


def break_cut(raw):
    file = raw / "train-images-idx3-ubyte"
    file.write_bytes(file.read_bytes()[:5000])


def break_empty(raw):
    (raw / "train-labels-idx1-ubyte").write_bytes(b"")


def break_random(raw):
    (raw / "t10k-images-idx3-ubyte").write_bytes(os.urandom(3000))


def break_html(raw):
    (raw / "train-images-idx3-ubyte").write_bytes(b"<html>404</html>" * 100)


def break_labels(raw):
    file = raw / "t10k-labels-idx1-ubyte"
    file.write_bytes(file.read_bytes()[:-1] + b"\x0b")


def break_counts(raw):
    file = raw / "t10k-labels-idx1-ubyte"
    file.write_bytes(file.read_bytes()[:4] + b"\x00\x00\x00\x05" + bytes(5))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (break_missing, r"t10k-labels-idx1-ubyte is missing; fetch"),
        (break_cut, r"cannot read the files train-\* in .*raw"),
        (break_empty, r"cannot read the files train-\* in .*raw"),
        (break_random, r"cannot read the files t10k-\* in .*raw"),
        (break_html, r"cannot read the files train-\* in .*raw"),
        (break_labels, r"t10k in .*raw holds labels beyond 0 to 9"),
        (break_counts, r"t10k in .*raw holds labels of shape \(5,\)"),
    ],
)
def test_broken_mnist_is_named(given, write_mnist, damage, message):
    damage(write_mnist(given))
    with pytest.raises(DatasetError, match=message) as caught:
        datasets.mnist()
    assert "anew" in str(caught.value) and "\n" not in str(caught.value)


def test_a_gzipped_file_that_was_cut_off_is_named(given, write_mnist):
    file = write_mnist(given, zipped=True) / "train-images-idx3-ubyte.gz"
    file.write_bytes(file.read_bytes()[:-500])
    with pytest.raises(DatasetError, match=r"train-images-idx3-ubyte\.gz is damaged or was cut"):
        datasets.mnist()


def test_a_file_that_is_not_gzipped_is_named(given, write_mnist):
    raw = write_mnist(given, zipped=True)
    (raw / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(b"x")[1:])
    with pytest.raises(DatasetError, match=r"t10k-labels-idx1-ubyte\.gz is damaged"):
        datasets.mnist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda arrays: arrays.pop("val_labels"), "cannot read val in .*KeyError"),
        (lambda arrays: arrays.update(train_images=np.zeros((40, 64, 64, 3), np.uint8)),
         r"train in .* holds images of shape \(40, 64, 64, 3\)"),
        (lambda arrays: arrays.update(test_images=np.zeros((24, 28, 28, 3))),
         "test in .* type float64"),
        (lambda arrays: arrays.update(test_labels=np.full((24, 1), 8)), "labels beyond 0 to 7"),
        (lambda arrays: arrays.update(test_labels=np.zeros((24, 2), int)), "labels of shape"),
        (lambda arrays: arrays.update(test_labels=np.zeros((24, 1))), "type float64"),
        (lambda arrays: arrays.update(
            test_images=np.zeros((0, 28, 28, 3), np.uint8), test_labels=np.zeros((0, 1), int)),
         "holds no images"),
    ],
)  # fmt: skip
def test_a_wrong_bloodmnist_is_named(given, blood_arrays, change, message):
    pytest.importorskip("medmnist", reason="medmnist is not installed")
    change(blood_arrays)
    np.savez(given / "bloodmnist.npz", **blood_arrays)
    with pytest.raises(DatasetError, match=message):
        datasets.bloodmnist()


@pytest.mark.parametrize("kept", [0, 3, 0.3, 0.9])
def test_a_bloodmnist_that_was_cut_off_is_named(given, blood_arrays, kept):
    pytest.importorskip("medmnist", reason="medmnist is not installed")
    file = given / "bloodmnist.npz"
    np.savez(file, **blood_arrays)
    content = file.read_bytes()
    file.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
    with pytest.raises(DatasetError, match=r"bloodmnist\.npz.*anew"):
        datasets.bloodmnist()


def test_what_is_damaged_in_the_cache_is_told_of_and_not_used(machine, write_mnist, capsys):
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    break_cut(write_mnist(machine))
    assert datasets.mnist().kind == "stand-in"
    said = capsys.readouterr().err
    assert "cannot read the files train-*" in said and "NOT THE REAL MNIST" in said


def test_digits_stand_in_for_mnist_and_say_so_once(capsys):
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    dataset = datasets.mnist()
    said = capsys.readouterr().err
    assert "NOT THE REAL MNIST: it was not found, and AUTOGRADER_OFFLINE is set" in said
    assert dataset.train_images.shape == (24_000, 28, 28) and dataset.kind == "stand-in"
    assert dataset.validation_labels.shape == (200,) and dataset.test_labels.shape == (397,)
    assert dataset.train_images.max() > 250 and np.bincount(dataset.test_labels).min() > 20
    assert datasets.mnist().sha256 == dataset.sha256
    assert capsys.readouterr().err == ""


def test_cells_stand_in_for_bloodmnist_and_are_kept(machine, few_cells, capsys):
    drawn = datasets.bloodmnist()
    assert "NOT THE REAL BLOODMNIST" in capsys.readouterr().err
    (kept,) = machine.glob("*/bloodmnist.npz")
    written = kept.stat().st_mtime_ns
    assert datasets.bloodmnist().sha256 == drawn.sha256
    assert kept.stat().st_mtime_ns == written


def test_damaged_cells_in_the_cache_are_drawn_anew(machine, few_cells, capsys):
    drawn = datasets.bloodmnist()
    (kept,) = machine.glob("*/bloodmnist.npz")
    whole = kept.read_bytes()
    for damaged in (whole[:10_000], whole[:2000] + b"\xff" * 100 + whole[2100:], b""):
        kept.write_bytes(damaged)
        assert datasets.bloodmnist().sha256 == drawn.sha256
        assert kept.read_bytes() == whole
    assert f"{kept} cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["/dev/null/cache", "/proc/cache"])
def test_a_cache_that_cannot_be_written_to_does_no_harm(few_cells, monkeypatch, capsys, place):
    monkeypatch.setenv("AUTOGRADER_CACHE", place)
    assert datasets.bloodmnist().kind == "stand-in"
    assert f"{place} is not writable" in capsys.readouterr().err


def test_a_user_without_a_home_can_have_data(few_cells, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_CACHE")
    monkeypatch.setenv("HOME", "/dev/null/home")
    assert datasets.bloodmnist().kind == "stand-in"


DRAW = """
from autograder.datasets import bloodmnist, looks
looks.COUNTS.update(train=(20,) * 8, validation=(5,) * 8, test=(5,) * 8)
print(bloodmnist().sha256)
"""


def test_processes_may_draw_cells_at_the_same_time(machine):
    running = [
        subprocess.Popen([sys.executable, "-c", DRAW], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    printed = {process.communicate(timeout=120)[0] for process in running}
    assert len(printed) == 1 and "" not in printed
    assert [file.name for file in machine.rglob("*") if file.is_file()] == ["bloodmnist.npz"]
