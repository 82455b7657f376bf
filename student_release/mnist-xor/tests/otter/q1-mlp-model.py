"""Generated: `grader.check("q1-mlp-model")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-mlp-model"
points = 3.0


@test_case(name="The MLP has 478,410 trainable parameters, in layers 784 → 400 → 400 → 10.", points=1.2)
def test_parameters(env):
    live.run_check("test_training.py", "test_parameters", env)


@test_case(name="The MLP computes flatten, Linear, ReLU, Linear, ReLU, Linear.", points=1.2)
def test_logits(env):
    live.run_check("test_training.py", "test_logits", env)


@test_case(name="The layers are in the attribute `model`, and in nothing else.", points=0.6)
def test_model_attribute(env):
    live.run_check("test_training.py", "test_model_attribute", env)
