"""Generated: `grader.check("q1-logistic-training")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-logistic-training"
points = 4.0


@test_case(name="Each batch moves W and b by minus lr times their gradients, in every epoch.", points=4.0)
def test_training(env):
    live.run_check("test_logistic.py", "test_training", env)
