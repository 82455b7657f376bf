"""Generated: `grader.check("q2-gradients")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q2-gradients"
points = 5.5


@test_case(name="∂L/∂b₂ is the error of the output.", points=1.0)
def test_gradient_of_the_output_bias(env):
    live.run_check("test_backpropagation.py", "test_gradient_of_the_output_bias", env)


@test_case(name="∂L/∂W₂ is the error of the output times the hidden units.", points=1.0)
def test_gradient_of_the_output_weights(env):
    live.run_check("test_backpropagation.py", "test_gradient_of_the_output_weights", env)


@test_case(name="∂L/∂b₁ is the error that comes back to the hidden units.", points=1.5)
def test_gradient_of_the_hidden_biases(env):
    live.run_check("test_backpropagation.py", "test_gradient_of_the_hidden_biases", env)


@test_case(name="∂L/∂W₁ is that error times the inputs.", points=1.5)
def test_gradient_of_the_hidden_weights(env):
    live.run_check("test_backpropagation.py", "test_gradient_of_the_hidden_weights", env)


@test_case(name="calc_gradients returns one flat tensor of nine numbers.", points=0.5)
def test_form(env):
    live.run_check("test_backpropagation.py", "test_form", env)
