"""Generated: `grader.check("p2-ridge")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p2-ridge"
points = 0.6667


@test_case(name="The penalty adds λw to the gradient.", points=0.6667)
def test_ridge_penalty(env):
    live.run_check("test_huber.py", "test_ridge_penalty", env)
