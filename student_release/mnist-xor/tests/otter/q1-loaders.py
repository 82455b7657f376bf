"""Generated: `grader.check("q1-loaders")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-loaders"
points = 2.0


@test_case(name="Each loader hands out all of its set in batches.", points=1.0)
def test_batches(env):
    live.run_check("test_data.py", "test_batches", env)


@test_case(name="The training loader has a new order in every pass, the others the order of their set.", points=1.0)
def test_only_training_is_shuffled(env):
    live.run_check("test_data.py", "test_only_training_is_shuffled", env)
