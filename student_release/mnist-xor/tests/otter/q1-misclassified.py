"""Generated: `grader.check("q1-misclassified")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-misclassified"
points = 1.0


@test_case(name="find_misclassified lists the first wrong predictions.", points=0.5)
def test_find(env):
    live.run_check("test_logistic.py", "test_find", env)


@test_case(name="Each image has its prediction and its true label in the title.", points=0.5)
def test_show(env):
    live.run_check("test_logistic.py", "test_show", env)
