"""Generated: `grader.check("q2-linear-forward")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q2-linear-forward"
points = 3.2


@test_case(name="A batch gives Wx + b of each of its rows, by tensors and their operations.", points=1.6)
def test_batch(env):
    live.run_check("test_xor.py", "test_batch", env)


@test_case(name="A vector gives the vector Wx + b.", points=0.8)
def test_vector(env):
    live.run_check("test_xor.py", "test_vector", env)


@test_case(name="Backward gives the gradients of W and b.", points=0.8)
def test_gradients_reach_the_parameters(env):
    live.run_check("test_xor.py", "test_gradients_reach_the_parameters", env)
