"""A scale that is fixed in the code is reported as such, whatever its value."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.rubric import CheckFailed

RUBRIC = Path(__file__).parent.parent.parent / "assignment" / "hw1" / "rubric"
SCALES = [1.0, 0.5, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.001, 1e-4]


def rubric(name):
    """A module of hw1's rubric."""
    spec = importlib.util.spec_from_file_location(f"hw1_{name}", RUBRIC / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def linear_of(scale):
    """A student whose layers have weights of the scale `scale(inputs, outputs)`."""

    class Linear:
        def __init__(self, inputs, outputs):
            draws = np.random.default_rng(inputs)
            self.W = scale(inputs, outputs) * draws.normal(size=(outputs, inputs))

        def get_parameters(self):
            return [self.W, np.zeros(len(self.W))]

    return SimpleNamespace(mytorch=SimpleNamespace(nn=SimpleNamespace(Linear=Linear)))


def notebook_of(scale):
    """A student whose initialize_weights has the scale `scale(fan_in, fan_out)`."""

    def initialize_weights(shape, method):
        return scale(*shape) * np.random.default_rng(shape[0]).normal(size=shape)

    return SimpleNamespace(
        hold=lambda function, *arguments: function(*arguments),
        support=SimpleNamespace(networks=SimpleNamespace(plain=np.asarray)),
        problem_5=SimpleNamespace(initialize_weights=initialize_weights),
    )


def hint_of(test, *arguments):
    with pytest.raises(CheckFailed) as caught:
        test(*arguments)
    return caught.value.hint


PUBLIC = rubric("test_linear").test_weights_have_the_right_variance
HIDDEN = rubric("test_linear_hidden").test_variance_with_more_inputs_than_outputs
INITIALISATION = rubric("test_initialisation").check_variance


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("test", [PUBLIC, HIDDEN], ids=["public", "hidden"])
def test_a_fixed_scale_of_linear(test, scale):
    assert "the scale does not depend on the sizes" in hint_of(test, linear_of(lambda m, n: scale))


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("method", ["xavier", "he"])
def test_a_fixed_scale_of_initialize_weights(method, scale):
    hint = hint_of(INITIALISATION, notebook_of(lambda m, n: scale), method)
    assert hint == "the scale does not depend on fan_in and fan_out"


@pytest.mark.parametrize(
    ("scale", "hint"),
    [
        (lambda m, n: 0.0, "all weights are equal"),
        (lambda m, n: 1 / max(m, n), "1/max was taken as the standard deviation"),
        (lambda m, n: (2 / m) ** 0.5, "2/in_features instead of"),
        (lambda m, n: (2 / (m + n)) ** 0.5, "2/(in_features + out_features) instead of"),
    ],
)
@pytest.mark.parametrize("test", [PUBLIC, HIDDEN], ids=["public", "hidden"])
def test_a_wrong_formula_of_linear_is_told_as_that(test, scale, hint):
    assert hint_of(test, linear_of(scale)).startswith(hint)


def test_right_weights_are_accepted():
    student = linear_of(lambda m, n: max(m, n) ** -0.5)
    PUBLIC(student)
    HIDDEN(student)
    INITIALISATION(notebook_of(lambda m, n: (2 / m) ** 0.5), "he")
    INITIALISATION(notebook_of(lambda m, n: (2 / (m + n)) ** 0.5), "xavier")
