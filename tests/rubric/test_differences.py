"""Measured derivatives are those that calculus gives, to the digits that checks ask for."""

import numpy as np
import pytest

from autograder.rubric.differences import derivative

X = np.array([[0.3, -1.2, 2.0], [0.7, 0.1, -0.4]])


@pytest.mark.parametrize(("f", "right"), [
    (lambda x: np.sum(x**3), 3 * X**2),
    (lambda x: np.sum(np.sin(x)), np.cos(X)),
    (lambda x: np.sum(np.exp(x)) ** 2, 2 * np.exp(X).sum() * np.exp(X)),
    (lambda x: 5.0, np.zeros((2, 3))),
    (lambda x: x[0, 1] * x[1, 2], [[0, -0.4, 0], [0, 0, -1.2]]),
])  # fmt: skip
def test_the_gradient_of_a_number(f, right):
    np.testing.assert_allclose(derivative(f, X), right, rtol=1e-9, atol=1e-10)


def test_the_jacobian_of_an_array_has_the_shapes_of_both():
    M = np.arange(8.0).reshape(4, 2)
    found = derivative(lambda x: M @ x, X)
    assert found.shape == (4, 3, 2, 3)
    np.testing.assert_allclose(found[:, 1, :, 1], M, atol=1e-10)
    np.testing.assert_allclose(found[:, 1, :, 2], 0, atol=1e-10)


def test_pieces_of_parabolas_are_exact_for_steps_that_meet_no_kink():
    x = np.array([-3.0, -0.5, 0.5, 3.0])
    bent = lambda x: np.where(np.abs(x) <= 1, x**2, 2 * np.abs(x) - 1).sum()  # noqa: E731
    np.testing.assert_allclose(derivative(bent, x, step=0.1), [-2, -1, 1, 2], rtol=1e-12)


def test_a_point_of_whole_numbers_is_moved_all_the_same_and_stays_as_it_is():
    x = np.array([1, 2])
    np.testing.assert_allclose(derivative(lambda x: np.sum(x**2), x), [2, 4], rtol=1e-9)
    assert x.tolist() == [1, 2]
