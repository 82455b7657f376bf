"""Generated: `grader.check("p4-accuracy")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-accuracy"
points = 1.0


@test_case(name="The class predicted is that of the largest logit, in evaluation mode.", points=0.1111)
def test_predictions(env):
    live.run_check("test_blood_cells_results.py", "test_predictions", env)


@test_case(name="The share of right predictions, in per cent; labels may be (N,) or (N, 1).", points=0.1111)
def test_accuracy(env):
    live.run_check("test_blood_cells_results.py", "test_accuracy", env)


@test_case(name="test_accuracy is the accuracy of test_predictions.", points=0.1111)
def test_accuracy_of_the_run(env):
    live.run_check("test_blood_cells_results.py", "test_accuracy_of_the_run", env)


@test_case(name="The saved weights reach the stated test accuracy, and it is at least 80 %.", points=0.6667)
def test_accuracy_claim(env):
    live.run_check("test_blood_cells_weights.py", "test_accuracy_claim", env)
