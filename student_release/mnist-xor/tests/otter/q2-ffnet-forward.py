"""Generated: `grader.check("q2-ffnet-forward")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q2-ffnet-forward"
points = 4.0


@test_case(name="FFNet computes W₂ σ(W₁ x + b₁) + b₂ of a batch.", points=2.6667)
def test_outputs(env):
    live.run_check("test_xor.py", "test_outputs", env)


@test_case(name="A vector gives a vector of out_features numbers.", points=1.3333)
def test_output_of_a_vector(env):
    live.run_check("test_xor.py", "test_output_of_a_vector", env)
