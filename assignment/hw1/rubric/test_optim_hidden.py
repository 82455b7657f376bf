"""Hidden checks of SGD: many steps, the default rate, arguments left alone."""

import pytest

from autograder.rubric import check


@pytest.mark.item("p6-sgd")
def test_several_steps(student, rng):
    """Every step starts where the last one ended, without momentum."""
    p, g = rng.normal(size=(3, 4)), rng.normal(size=(5, 3, 4))
    parameter = student.place(p)
    optimizer = student.mytorch.nn.SGD([parameter], lr=0.2)
    for gradient in g:
        optimizer.step([gradient])
    check(student.read(parameter), "the parameter after five steps").close(
        p - 0.2 * g.sum(axis=0),
        hints={
            "only the last step counts: each one has to start where the last ended": p
            - 0.2 * g[-1],
            "gradients of earlier steps are used again": p - 0.2 * g.cumsum(axis=0).sum(axis=0),
            "the parameter is unchanged": p,
        },
    )


@pytest.mark.item("p6-sgd")
def test_default_learning_rate(student, rng):
    """The learning rate is 0.01 where none is given."""
    p, g = rng.normal(size=(2, 6))
    parameter = student.place(p)
    student.mytorch.nn.SGD([parameter]).step([g])
    check(student.read(parameter), "the parameter after a step of SGD(parameters)").close(
        p - 0.01 * g, hints={"the parameter is unchanged": p}
    )


@pytest.mark.item("p6-sgd")
def test_gradients_are_left_alone(student, rng):
    """SGD.step does not change the gradients it is given."""
    p, g = rng.normal(size=(2, 3, 4))
    parameter, gradient = student.place(p), student.place(g)
    student.mytorch.nn.SGD([parameter], lr=0.3).step([gradient])
    check(student.read(parameter), "the parameter after SGD.step").close(p - 0.3 * g)
    check(student.read(gradient), "the gradient after SGD.step").close(
        g, hints={"it was multiplied by lr in place: make a new array": 0.3 * g}
    )


@pytest.mark.item("p6-sgd")
def test_parameters_of_a_model(student, rng):
    """An optimizer made from get_parameters() updates what the module itself holds."""
    p, g = rng.normal(size=(2, 2, 3, 4))
    holder = student.support.modules.Holder(list(p), list(g))
    optimizer = student.mytorch.nn.SGD(student.hold(holder.get_parameters), lr=0.05)
    optimizer.zero_grad()
    optimizer.step(student.hold(holder.get_gradients))
    for position, held in enumerate(holder.get_parameters()):
        check(held, f"parameter {position} of the module").close(
            p[position] - 0.05 * g[position],
            hints={"the module still has the old values: update in place": p[position]},
        )
