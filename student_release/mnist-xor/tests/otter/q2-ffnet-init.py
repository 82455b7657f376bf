"""Generated: `grader.check("q2-ffnet-init")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q2-ffnet-init"
points = 3.0


@test_case(name="FFNet(3, 2, 4) has hidden W, b and output W, b, in this order.", points=2.0)
def test_parameters_of_ffnet(env):
    live.run_check("test_xor.py", "test_parameters_of_ffnet", env)


@test_case(name="The parameters of FFNet are random, as Linear draws them.", points=1.0)
def test_draws_of_ffnet(env):
    live.run_check("test_xor.py", "test_draws_of_ffnet", env)
