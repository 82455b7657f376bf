"""Generated: `grader.check("q2-linear-init")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q2-linear-init"
points = 3.0


@test_case(name="Linear(3, 4) has the parameters W (4, 3) and b (4,).", points=1.0)
def test_parameters_of_linear(env):
    live.run_check("test_xor.py", "test_parameters_of_linear", env)


@test_case(name="W and b are independent draws from a standard normal distribution.", points=2.0)
def test_draws_of_linear(env):
    live.run_check("test_xor.py", "test_draws_of_linear", env)
