"""Generated: `grader.check("p1-affine-gradients")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p1-affine-gradients"
points = 1.5


@test_case(name="∂f/∂A is right, and has the shape of A.", points=0.75)
def test_gradient_of_the_matrix(env):
    live.run_check("test_affine.py", "test_gradient_of_the_matrix", env)


@test_case(name="∂f/∂b is right, and has the shape of b.", points=0.75)
def test_gradient_of_the_bias(env):
    live.run_check("test_affine.py", "test_gradient_of_the_bias", env)
