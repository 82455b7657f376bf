"""Generated: `grader.check("p1-softmax-jacobian")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p1-softmax-jacobian"
points = 2.0000999999999998


@test_case(name="For τ = 1 the Jacobian of softmax is right in every entry.", points=0.6667)
def test_jacobian_without_temperature(env):
    live.run_check("test_softmax.py", "test_jacobian_without_temperature", env)


@test_case(name="For other temperatures the Jacobian has τ where it belongs.", points=0.6667)
def test_jacobian_with_temperature(env):
    live.run_check("test_softmax.py", "test_jacobian_with_temperature", env)


@test_case(name="Scores in the thousands neither overflow nor turn into nan.", points=0.6667)
def test_large_scores(env):
    live.run_check("test_softmax.py", "test_large_scores", env)
