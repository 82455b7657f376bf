"""Generated: `grader.check("q1-logistic-gradients")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-logistic-gradients"
points = 2.6667


@test_case(name="The loss is the mean cross-entropy of the samples, in nats.", points=0.8889)
def test_loss(env):
    live.run_check("test_logistic.py", "test_loss", env)


@test_case(name="DW and db are the derivatives of the mean cross-entropy.", points=1.7778)
def test_gradients(env):
    live.run_check("test_logistic.py", "test_gradients", env)
