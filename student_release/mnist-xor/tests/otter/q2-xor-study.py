"""Generated: `grader.check("q2-xor-study")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q2-xor-study"
points = 4.0


@test_case(name="xor_study has a network and its losses for each hidden size.", points=0.8)
def test_study(env):
    live.run_check("test_xor.py", "test_study", env)


@test_case(name="The networks are trained by SGD with the rate 0.02 and the momentum 0.9.", points=0.8)
def test_steps(env):
    live.run_check("test_xor.py", "test_steps", env)


@test_case(name="Other runs of the study have other networks.", points=0.8)
def test_new_network_for_each_size(env):
    live.run_check("test_xor.py", "test_new_network_for_each_size", env)


@test_case(name="The saved networks reach the losses that are stated for them.", points=1.6)
def test_xor_claims(env):
    live.run_check("test_xor.py", "test_xor_claims", env)
