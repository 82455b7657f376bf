"""Generated: `grader.check("p4-model")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-model"
points = 0.75


@test_case(name="The model has 636,296 trainable parameters, in layers 2352 → 256 → 128 → 8.", points=0.375)
def test_parameters(env):
    live.run_check("test_blood_cells_model.py", "test_parameters", env)


@test_case(name="The model computes flatten, Linear, ReLU, Linear, ReLU, Linear.", points=0.375)
def test_logits(env):
    live.run_check("test_blood_cells_model.py", "test_logits", env)
