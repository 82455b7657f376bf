"""The stand-in for BloodMNIST."""

import numpy as np
import pytest

from autograder.datasets import BLOOD_CLASSES, bloodmnist, cells, looks

# Of the whole set. If another comes out, raise cells.VERSION: what users have cached is not it.
SHA256 = "e76749b25ea056f5476c03d2ac11885d231f82cabea945f90caf2efe17dac369"


@pytest.fixture(scope="module")
def validation():
    return cells.draw_split("validation")


def test_the_whole_set_is_the_same_bytes_everywhere():
    dataset = bloodmnist()
    assert (cells.VERSION, dataset.sha256) == (2, SHA256)
    assert dataset.kind == "stand-in"
    assert dataset.train_images.shape == (11_959, 28, 28, 3)
    assert dataset.validation_images.shape == (1_712, 28, 28, 3)
    assert dataset.test_images.shape == (3_421, 28, 28, 3)


def test_classes_are_as_unbalanced_as_the_original(validation):
    _, labels = validation
    assert tuple(np.bincount(labels)) == looks.COUNTS["validation"]
    assert [sum(counts) for counts in looks.COUNTS.values()] == [11_959, 1_712, 3_421]
    assert len(BLOOD_CLASSES) == 8


def test_labels_come_in_no_order(validation):
    _, labels = validation
    assert len(set(labels[:50])) > 4


def test_splits_differ(validation):
    test, _ = cells.draw_split("test")
    assert not np.array_equal(test[0], validation[0][0])


def test_classes_look_as_their_descriptions_say(validation):
    images, labels = validation
    middle = images[:, 8:20, 8:20].astype(float).mean(axis=(1, 2))
    mean = {name: middle[labels == index].mean(axis=0) for index, name in enumerate(BLOOD_CLASSES)}
    red, green, blue = range(3)
    # Little of a platelet is in the middle, much of a lymphocyte's nucleus.
    assert mean["platelet"][green] > mean["lymphocyte"][green] + 60
    # Eosinophils are orange, beside others with as much nucleus.
    assert mean["eosinophil"][red] - mean["eosinophil"][blue] > 10
    assert mean["basophil"][red] < mean["basophil"][blue]
    # Erythroblasts have the darkest nuclei.
    darkest = images.astype(float).sum(axis=3).min(axis=(1, 2))
    by_class = [darkest[labels == index].mean() for index in range(8)]
    assert np.argmin(by_class) == BLOOD_CLASSES.index("erythroblast")


def test_medmnist_loads_what_is_kept(machine, few_cells, monkeypatch):
    medmnist = pytest.importorskip("medmnist", reason="medmnist is not installed")
    dataset = bloodmnist()
    folder = machine / f"stand-in-{cells.VERSION}"
    loaded = medmnist.BloodMNIST(split="val", root=str(folder), download=False)
    np.testing.assert_array_equal(loaded.imgs, dataset.validation_images)
    np.testing.assert_array_equal(loaded.labels[:, 0], dataset.validation_labels)
    image, label = loaded[0]
    assert image.size == (28, 28) and label.shape == (1,)
