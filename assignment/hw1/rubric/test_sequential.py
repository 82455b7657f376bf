"""Public checks of Sequential, on small modules of their own (support/modules.py)."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("p6-sequential")
def test_forward_in_order(student, rng):
    """Sequential.forward applies the modules in the order in which they were given."""
    x, v = rng.uniform(1, 2, size=(3, 4)), rng.uniform(1, 2, size=4)
    modules = student.support.modules
    model = student.mytorch.nn.Sequential(modules.Columns(v), modules.Roll(), modules.Square())
    check(model.forward(x), "Z = Sequential.forward(X)").close(
        np.roll(x * v, 1, axis=1) ** 2,
        hints={
            "the modules were applied in reverse order": np.roll(x**2, 1, axis=1) * v,
            "only the first module was applied": x * v,
            "only the last module was applied, or every one of them to x": x**2,
            "the last module was left out": np.roll(x * v, 1, axis=1),
            "the first module was left out": np.roll(x, 1, axis=1) ** 2,
            "X was returned unchanged": x,
        },
    )


@pytest.mark.item("p6-sequential")
def test_backward_in_reverse(student, rng):
    """Sequential.backward goes through the modules in reverse order and returns dL/dX."""
    x, dZ = rng.uniform(1, 2, size=(2, 3, 4))
    v = rng.uniform(1, 2, size=4)
    modules = student.support.modules
    columns, roll, square = modules.Columns(v), modules.Roll(), modules.Square()
    model = student.mytorch.nn.Sequential(columns, roll, square)
    model.forward(x)
    # Every module gets its right input again, so that a wrong forward does not count here.
    columns.forward(x)
    square.forward(np.roll(x * v, 1, axis=1))
    slope = 2 * np.roll(x * v, 1, axis=1)
    check(model.backward(dZ), "dL/dX = Sequential.backward(dZ)").close(
        np.roll(dZ * slope, -1, axis=1) * v,
        hints={
            "the modules were taken in the order of forward": np.roll(dZ * v, -1, axis=1) * slope,
            "only the first module's backward was called, or each of them with dZ": dZ * v,
            "only the last module's backward was called": dZ * slope,
            "the first module was left out": np.roll(dZ * slope, -1, axis=1),
            "the last module was left out": np.roll(dZ, -1, axis=1) * v,
            "dZ was returned unchanged": dZ,
        },
    )


def holders(student, rng):
    """Three modules with 2, 0 and 1 parameters, and their parameters and gradients in order."""
    shapes = [(3, 2), (3,), (4,)]
    parameters = [rng.normal(size=shape) for shape in shapes]
    gradients = [rng.normal(size=shape) for shape in shapes]
    modules = student.support.modules
    first = modules.Holder(parameters[:2], gradients[:2])
    last = modules.Holder(parameters[2:], gradients[2:])
    return [first, modules.Square(), last], parameters, gradients


@pytest.mark.item("p6-sequential")
def test_parameters_in_order(student, rng):
    """Sequential.get_parameters is one flat list, in the order of the modules."""
    modules, parameters, _ = holders(student, rng)
    model = student.mytorch.nn.Sequential(*modules)
    compare_lists(model.get_parameters(), parameters, "Sequential.get_parameters()")
    check_that_it_computes(model, rng)


@pytest.mark.item("p6-sequential")
def test_gradients_in_order(student, rng):
    """Sequential.get_gradients lists the gradients in the order of the parameters."""
    modules, _, gradients = holders(student, rng)
    model = student.mytorch.nn.Sequential(*modules)
    compare_lists(model.get_gradients(), gradients, "Sequential.get_gradients()")
    check_that_it_computes(model, rng)


def check_that_it_computes(model, rng):
    """Require the output of a Sequential whose only module that does anything is a Square."""
    x = rng.uniform(1, 2, size=(2, 3))
    check(model.forward(x), "Z = Sequential.forward(X), whose lists are these").close(x**2)


def compare_lists(got, right, what):
    """Require a flat list of these arrays in this order."""
    if isinstance(got, list | tuple) and any(isinstance(entry, list | tuple) for entry in got):
        depth = "a list of lists"
        check(depth, f"{what}: its form").equals(
            "one flat list",
            hints={
                "join the modules' lists, with extend or +, instead of appending each": depth,
            },
        )
    for position, entry in enumerate(check(got, what).sequence(len(right))):
        hints = {
            f"that is number {other}: the order is that of the modules": right[other]
            for other in range(len(right))
            if other != position
        }
        check(entry, f"{what}[{position}]").close(right[position], hints=hints)
