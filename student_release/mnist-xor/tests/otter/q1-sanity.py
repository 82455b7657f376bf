"""Generated: `grader.check("q1-sanity")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-sanity"
points = 1.0


@test_case(name="The sanity line has the shape of the first batch and the ranges of labels and pixels.", points=0.6667)
def test_description(env):
    live.run_check("test_data.py", "test_description", env)


@test_case(name="The notebook's own line is of a batch of the training loader.", points=0.3333)
def test_sanity_of_the_run(env):
    live.run_check("test_data.py", "test_sanity_of_the_run", env)
