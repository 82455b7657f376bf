"""Generated: `grader.check("q1-crossed")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-crossed"
points = 1.0


@test_case(name="What the crossed runs reached is what their weights reach.", points=0.5)
def test_crossed_claims(env):
    live.run_check("test_claims.py", "test_crossed_claims", env)


@test_case(name="crossed_runs are the two runs that cross best and worst.", points=0.5)
def test_crossed_runs(env):
    live.run_check("test_studies.py", "test_crossed_runs", env)
