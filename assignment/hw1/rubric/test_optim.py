"""Public checks of SGD, on arrays of their own."""

import pytest

from autograder.rubric import check


@pytest.mark.item("p6-sgd")
def test_one_step(student, rng):
    """SGD.step moves a parameter by -lr times its gradient, in place."""
    p, g = rng.normal(size=(2, 3, 4))
    lr = rng.uniform(0.1, 0.4)
    parameter = student.place(p)
    student.mytorch.nn.SGD([parameter], lr).step([g])
    check(student.read(parameter), "the parameter after SGD.step").close(
        p - lr * g,
        hints={
            "the array is unchanged: replaced by a new one instead of updated in place": p,
            "the sign is wrong: the step goes against the gradient": p + lr * g,
            "the learning rate is missing": p - g,
            "the learning rate was squared": p - lr**2 * g,
            "lr = 0.01 was used instead of the lr that was given": p - 0.01 * g,
            "divided by the number of rows: the gradient has the mean in it already": p
            - lr * g / 3,
            "divided by the learning rate": p - g / lr,
            "the step was taken twice": p - 2 * lr * g,
            "the parameter was replaced by the step": -lr * g,
        },
    )


@pytest.mark.item("p6-sgd")
def test_every_parameter_gets_its_own_gradient(student, rng):
    """SGD.step updates all parameters, each with its own gradient."""
    shapes = [(3, 2), (3,), (4, 3), (4,)]
    before = [rng.normal(size=shape) for shape in shapes]
    gradients = [rng.normal(size=shape) for shape in shapes]
    parameters = [student.place(p) for p in before]
    student.mytorch.nn.SGD(parameters, lr=0.5).step(gradients)
    for position, (p, g) in enumerate(zip(before, gradients, strict=True)):
        after = student.read(parameters[position])
        check(after, f"parameter {position} after SGD.step").close(
            p - 0.5 * g,
            hints={
                "it is unchanged: every parameter has to be updated, in place": p,
                "the sign is wrong: the step goes against the gradient": p + 0.5 * g,
            },
        )


@pytest.mark.item("p6-sgd")
def test_zero_grad_between_steps(student, rng):
    """zero_grad leaves parameters alone, and the next step uses its own gradients only."""
    p, g, h = rng.normal(size=(3, 2, 3))
    parameter = student.place(p)
    sgd = student.mytorch.nn.SGD([parameter], lr=0.1)
    sgd.step([g])
    sgd.zero_grad()
    check(student.read(parameter), "the parameter after step and zero_grad").close(
        p - 0.1 * g,
        hints={
            "zero_grad undid the step, or step is not in place": p,
            "zero_grad set the parameter to zero: it is about gradients": 0 * p,
        },
    )
    sgd.step([h])
    check(student.read(parameter), "the parameter after step, zero_grad and step").close(
        p - 0.1 * g - 0.1 * h,
        hints={
            "the gradients of the first step were used again": p - 0.2 * g,
            "the gradients of both steps were added up": p - 0.2 * g - 0.1 * h,
            "the second step did nothing": p - 0.1 * g,
        },
    )
