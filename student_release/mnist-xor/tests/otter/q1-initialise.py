"""Generated: `grader.check("q1-initialise")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-initialise"
points = 3.6666999999999996


@test_case(name="With `zero` all weights and biases are 0.", points=0.6667)
def test_zero(env):
    live.run_check("test_initialisation.py", "test_zero", env)


@test_case(name="With `uniform` weights and biases are uniform in [0, 1].", points=0.6667)
def test_uniform(env):
    live.run_check("test_initialisation.py", "test_uniform", env)


@test_case(name="With `normal` weights and biases are standard normal.", points=0.6667)
def test_normal(env):
    live.run_check("test_initialisation.py", "test_normal", env)


@test_case(name="With `xavier` weights have variance 2/(fan_in + fan_out), and biases are 0.", points=1.3333)
def test_xavier(env):
    live.run_check("test_initialisation.py", "test_xavier", env)


@test_case(name="`default` changes nothing.", points=0.3333)
def test_default(env):
    live.run_check("test_initialisation.py", "test_default", env)
