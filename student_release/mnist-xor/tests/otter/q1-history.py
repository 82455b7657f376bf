"""Generated: `grader.check("q1-history")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-history"
points = 2.0


@test_case(name="The history has loss, training accuracy and validation accuracy of each epoch.", points=1.6)
def test_history(env):
    live.run_check("test_training.py", "test_history", env)


@test_case(name="Each epoch prints a line with its loss and both accuracies.", points=0.4)
def test_printed_lines(env):
    live.run_check("test_training.py", "test_printed_lines", env)
