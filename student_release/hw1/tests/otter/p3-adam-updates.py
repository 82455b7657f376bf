"""Generated: `grader.check("p3-adam-updates")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p3-adam-updates"
points = 1.875


@test_case(name="w2 is right for arrays of weights.", points=0.625)
def test_first_update(env):
    live.run_check("test_adam.py", "test_first_update", env)


@test_case(name="w3 is right: the averages are carried on, and corrected for t = 2.", points=0.625)
def test_second_update(env):
    live.run_check("test_adam.py", "test_second_update", env)


@test_case(name="One weight, given as plain numbers: a step of the learning rate's length.", points=0.625)
def test_numbers(env):
    live.run_check("test_adam.py", "test_numbers", env)
