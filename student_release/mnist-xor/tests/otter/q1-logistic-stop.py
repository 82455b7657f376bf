"""Generated: `grader.check("q1-logistic-stop")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-logistic-stop"
points = 2.0


@test_case(name="Gradients have converged where every entry is smaller than tol in size.", points=1.0)
def test_converged(env):
    live.run_check("test_logistic.py", "test_converged", env)


@test_case(name="logistic_regression stops as soon as the gradients of a batch have converged.", points=1.0)
def test_training_stops(env):
    live.run_check("test_logistic.py", "test_training_stops", env)
