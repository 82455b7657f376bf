"""Generated: `grader.check("p2-huber-gradient")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p2-huber-gradient"
points = 2.1429


@test_case(name="Where all residuals are within δ it is the gradient of half the squared error.", points=0.7143)
def test_small_residuals(env):
    live.run_check("test_huber.py", "test_small_residuals", env)


@test_case(name="Residuals beyond δ, of either sign, count with δ and their sign.", points=0.7143)
def test_residuals_of_all_sizes(env):
    live.run_check("test_huber.py", "test_residuals_of_all_sizes", env)


@test_case(name="The threshold follows delta, whether it is small or large.", points=0.7143)
def test_threshold(env):
    live.run_check("test_huber.py", "test_threshold", env)
