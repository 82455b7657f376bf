"""Generated: `grader.check("q1-logistic-result")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-logistic-result"
points = 2.0


@test_case(name="The saved W and b reach the test accuracy that is stated for them.", points=1.3333)
def test_logistic_claims(env):
    live.run_check("test_claims.py", "test_logistic_claims", env)


@test_case(name="The notebook's W and b are trained, and their test accuracy is their own.", points=0.6667)
def test_logistic_of_the_run(env):
    live.run_check("test_studies.py", "test_logistic_of_the_run", env)
