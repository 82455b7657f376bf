"""Generated: `grader.check("p5-init")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p5-init"
points = 1.8463999999999996


@test_case(name="initialize_weights returns W of shape (fan_in, fan_out) for all four methods.", points=0.2308)
def test_shape(env):
    live.run_check("test_initialisation.py", "test_shape", env)


@test_case(name="The method zero gives zeros.", points=0.2308)
def test_zero(env):
    live.run_check("test_initialisation.py", "test_zero", env)


@test_case(name="The method small_random draws weights of variance 0.01².", points=0.2308)
def test_small_random_variance(env):
    live.run_check("test_initialisation.py", "test_small_random_variance", env)


@test_case(name="The method xavier draws weights of variance 2/(fan_in + fan_out).", points=0.2308)
def test_xavier_variance(env):
    live.run_check("test_initialisation.py", "test_xavier_variance", env)


@test_case(name="The method he draws weights of variance 2/fan_in.", points=0.2308)
def test_he_variance(env):
    live.run_check("test_initialisation.py", "test_he_variance", env)


@test_case(name="An unknown method is a ValueError.", points=0.2308)
def test_unknown_method(env):
    live.run_check("test_initialisation.py", "test_unknown_method", env)


@test_case(name="initialize_network sets all biases to zero.", points=0.2308)
def test_biases_are_zero(env):
    live.run_check("test_initialisation.py", "test_biases_are_zero", env)


@test_case(name="initialize_network gives each layer weights for its own fan_in and fan_out.", points=0.2308)
def test_network_is_initialised_by_fan_in(env):
    live.run_check("test_initialisation.py", "test_network_is_initialised_by_fan_in", env)
