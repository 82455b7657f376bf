"""Generated: `grader.check("q1-best-and-worst")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-best-and-worst"
points = 1.0


@test_case(name="The best and the worst run are those of the last validation accuracy.", points=1.0)
def test_best_and_worst(env):
    live.run_check("test_studies.py", "test_best_and_worst", env)
