"""Generated: `grader.check("q1-split")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-split"
points = 2.0000999999999998


@test_case(name="The validation set has the share of the samples that was asked for.", points=0.6667)
def test_sizes(env):
    live.run_check("test_data.py", "test_sizes", env)


@test_case(name="Together both sets contain every sample once, and none twice.", points=0.6667)
def test_every_sample_once(env):
    live.run_check("test_data.py", "test_every_sample_once", env)


@test_case(name="The split is drawn at random, by its seed alone.", points=0.6667)
def test_split_is_random(env):
    live.run_check("test_data.py", "test_split_is_random", env)
