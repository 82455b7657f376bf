"""Hidden checks of Sequential: nested, called again, arrays that keep their identity."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("p6-sequential")
def test_nested(student, rng):
    """A Sequential may be a module of another one."""
    x, dZ, gradient = rng.uniform(1, 2, size=(3, 3, 4))
    v, parameter = rng.uniform(1, 2, size=4), rng.normal(size=(3, 4))
    modules, Sequential = student.support.modules, student.mytorch.nn.Sequential
    inner = Sequential(modules.Square(), modules.Roll(), modules.Holder([parameter], [gradient]))
    model = Sequential(modules.Roll(), inner, modules.Columns(v))
    moved = np.roll(x, 1, axis=1)
    check(model.forward(x), "Z").close(np.roll(moved**2, 1, axis=1) * v)
    right = np.roll(np.roll(dZ * v, -1, axis=1) * 2 * moved, -1, axis=1)
    check(model.backward(dZ), "dL/dX").close(right)
    (held,) = check(model.get_parameters(), "get_parameters()").sequence(1)
    check(held, "the inner parameter").close(parameter)
    (held,) = check(model.get_gradients(), "get_gradients()").sequence(1)
    check(held, "the inner gradient").close(gradient)


@pytest.mark.item("p6-sequential")
def test_called_again(student, rng):
    """A second round of forward and backward gives right results, too."""
    x, dZ = rng.uniform(1, 2, size=(2, 3, 3, 4))
    v = rng.uniform(1, 2, size=4)
    modules = student.support.modules
    model = student.mytorch.nn.Sequential(modules.Columns(v), modules.Roll(), modules.Square())
    for i, time in enumerate(["first", "second", "third"]):
        slope = 2 * np.roll(x[i] * v, 1, axis=1)
        y = np.roll(x[i] * v, 1, axis=1) ** 2
        check(model.forward(x[i]), f"Z of the {time} forward").close(
            y,
            hints={
                "the order of the modules has changed": np.roll(x[i] ** 2, 1, axis=1) * v,
            },
        )
        right = np.roll(dZ[i] * slope, -1, axis=1) * v
        check(model.backward(dZ[i]), f"dL/dX of the {time} backward").close(right)


@pytest.mark.item("p6-sequential")
def test_lists_do_not_grow(student, rng):
    """The lists of parameters and gradients are the same however often they are asked for."""
    parameters, gradients = rng.normal(size=(2, 2, 3, 4))
    modules = student.support.modules
    parts = [modules.Holder([p], [g]) for p, g in zip(parameters, gradients, strict=True)]
    model = student.mytorch.nn.Sequential(*parts, modules.Square())
    for name, arrays in (("get_parameters", parameters), ("get_gradients", gradients)):
        lists = [getattr(model, name)() for _ in range(3)]
        lengths = [len(one) for one in lists if isinstance(one, list | tuple)]
        check(lengths, f"the lengths of the lists that {name} returns in three calls").equals(
            [2, 2, 2], hints={"the list grows with each call: make a new one": [2, 4, 6]}
        )
        for one in lists:
            for entry, right in zip(one, arrays, strict=True):
                check(entry, f"an array of {name}").close(right)
    x = rng.uniform(1, 2, size=(2, 3))
    check(model.forward(x), "Z of a Sequential whose lists are these").close(x**2)


@pytest.mark.item("p6-sequential")
def test_parameters_are_the_arrays_themselves(student, rng):
    """What is written into the arrays of get_parameters reaches the modules."""
    x, old, new = rng.uniform(1, 2, size=(3, 2, 4))
    modules = student.support.modules
    model = student.mytorch.nn.Sequential(*(modules.Scales(v) for v in old))
    parameters = student.hold(model.get_parameters)
    for position, v in enumerate(new):
        student.item(parameters, position)[...] = v
    check(model.forward(x), "Z after an update of the parameters in place").close(
        x * new.prod(axis=0),
        hints={"the module still has the old values": x * old.prod(axis=0)},
    )


@pytest.mark.item("p6-sequential")
def test_one_module(student, rng):
    """A Sequential of one module does what that module does."""
    x, dZ = rng.uniform(1, 2, size=(2, 1, 4))
    model = student.mytorch.nn.Sequential(student.support.modules.Square())
    check(model.forward(x), "Z").close(x**2)
    check(model.backward(dZ), "dL/dX").close(2 * x * dZ)
    check(model.get_parameters(), "get_parameters()").sequence(0)
    check(model.get_gradients(), "get_gradients()").sequence(0)
