"""Public checks."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("d1-loader")
def test_the_mean_is_an_image(student):
    """mean_of_class(3) is an image."""
    mean = np.asarray(student.pictures.loading.mean_of_class(3))
    check(mean.shape, "the shape of mean_of_class(3)").equals((28, 28))


@pytest.mark.item("d1-leaves")
def test_every_kind_has_a_width(student):
    """mean_width() names the three kinds of leaves."""
    check(sorted(student.pictures.leaves.mean_width()), "the kinds").equals(["ash", "elm", "oak"])


@pytest.mark.item("d1-study")
def test_sizes_and_shapes(student):
    """The splits and images have the sizes of the data."""
    study = student.study
    check(len(study.train) / len(study.digits), "the share of train").close(0.8, rtol=0.02)
    check(study.shapes, "shapes").equals([(1, 28, 28), (3, 32, 32), (28, 28)])
    check(study.names[0], "the first class").equals("airplane")
    check(study.small_digits, "the digits").equals((1797, 8, 8))


@pytest.mark.item("d1-init")
def test_the_claims_state_two_accuracies(student):
    """claims/init.json states an accuracy for "zero" and "trained"."""
    claims = student.claims("init")
    check(sorted(claims["models"]), "the models").equals(["trained", "zero"])
    check(sorted(claims["numbers"].get("accuracy", {})), "accuracy").equals(["trained", "zero"])
