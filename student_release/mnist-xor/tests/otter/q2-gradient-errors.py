"""Generated: `grader.check("q2-gradient-errors")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q2-gradient-errors"
points = 2.5713999999999997


@test_case(name="The errors are relative, one for each of the nine gradients.", points=1.7143)
def test_errors(env):
    live.run_check("test_backpropagation.py", "test_errors", env)


@test_case(name="Right gradients have errors below 1e-5, also in a second call.", points=0.8571)
def test_errors_of_right_gradients(env):
    live.run_check("test_backpropagation.py", "test_errors_of_right_gradients", env)
