"""Generated: `grader.check("q2-converged")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q2-converged"
points = 2.0


@test_case(name="smallest_converged finds the smallest network whose last loss is below the limit.", points=1.3333)
def test_smallest(env):
    live.run_check("test_xor.py", "test_smallest", env)


@test_case(name="smallest_converged returns None where no network has converged.", points=0.6667)
def test_none_converged(env):
    live.run_check("test_xor.py", "test_none_converged", env)
