"""Hidden checks."""

import numpy as np
import pytest

from autograder.rubric import check
from autograder.rubric.audit_claims import audit_logits


def logits(weights, images):
    """Compute x Wᵀ + b with torch."""
    import torch

    x = torch.as_tensor(images, dtype=torch.float32).flatten(1) / 255
    W, b = (torch.as_tensor(weights[name]).float() for name in ("weight", "bias"))
    return torch.nn.functional.linear(x, W, b)


@pytest.mark.item("d1-loader", weight=3.0)
def test_the_mean_is_that_of_the_class(student, data):
    """The mean image of each class resembles that of the whole data."""
    whole = data["fashion-mnist"]
    for label in (1, 8):
        expected = whole.train_images[whole.train_labels == label].mean(0).ravel() / 255
        got = np.asarray(student.pictures.loading.mean_of_class(label), float).ravel()
        check(got.std(), "the spread of the pixels").above(0.01)
        check(np.corrcoef(got, expected)[0, 1], "the correlation").above(0.9)
        check(got.mean(), "the mean pixel").close(expected.mean(), rtol=0.15)


@pytest.mark.item("d1-leaves", weight=2.0)
def test_widths_are_those_of_the_leaves(student, data):
    """The mean widths are those of the leaves, which were not seen."""
    test = data["leaves"].test
    widths = student.pictures.leaves.mean_width()
    for kind in ("ash", "elm", "oak"):
        expected = test["width"][test["kind"] == kind].mean()
        # 60 leaves of a spread of 0.5.
        check(widths[kind], kind).close(expected, rtol=0, atol=0.5)


@pytest.mark.item("d1-init", weight=3.0)
def test_the_models_reach_what_is_stated(student, data, forward_pass):
    """Each model reaches its stated accuracy, and the trained one at least 60 %."""
    claims, mnist = student.claims("init"), data["mnist"]
    for name, weights in claims["models"].items():
        output = forward_pass(logits, weights, mnist.test_images)
        reached = audit_logits(output, mnist.test_labels).accuracy
        stated = claims["numbers"]["accuracy"][name]
        check(stated, f"the stated accuracy of {name}").close(reached, rtol=0, atol=0.1)
        if name == "trained":
            check(reached, "the accuracy of the trained model").above(60)
