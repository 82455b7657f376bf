"""The public checks of `pictures` in a student's own folder."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from autograder.release import plan_release, write_release
from autograder.rubric.forward import forward_here
from autograder.rubric.local import local_data


@pytest.fixture
def folder(pictures, hand_in, tmp_path):
    """The release, with the work done."""
    folder = tmp_path / "release"
    write_release(plan_release(pictures), folder)
    shutil.copytree(hand_in(), folder, dirs_exist_ok=True)
    return folder


def test_the_public_checks_pass_with_small_data_for_the_notebook(folder, whole_data):
    environment = os.environ | {"AUTOGRADER_DATA": str(whole_data), "AUTOGRADER_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests", "-q", "-p", "no:cacheprovider", "-k",
         "study or sizes or kind or state"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("1 of 1 passed") == 3, done.stdout
    assert not (folder / "data" / "CIFAR10").exists()  # it ran in a folder of its own


def test_own_data_that_ships_is_there(folder):
    leaves = local_data(folder)["leaves"]
    assert len(leaves.train["kind"]) == 240
    assert set(leaves.splits) == {"train"}


def evaluated(weights, inputs):
    return inputs @ weights["weight"].T.astype(float)


def test_a_model_is_evaluated_in_the_same_process(models):
    found, _ = models
    output = forward_here(evaluated, found["trained"], np.ones((2, 784)))
    assert output.shape == (2, 10)
