"""Generated: `grader.check("q1-mlp-result")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-mlp-result"
points = 2.0


@test_case(name="The saved weights of the MLP reach the test accuracy that is stated for them.", points=1.3333)
def test_mlp_claims(env):
    live.run_check("test_claims.py", "test_mlp_claims", env)


@test_case(name="The notebook's MLP is trained by Adam for EPOCHS, and its test accuracy is its own.", points=0.6667)
def test_mlp_of_the_run(env):
    live.run_check("test_studies.py", "test_mlp_of_the_run", env)
