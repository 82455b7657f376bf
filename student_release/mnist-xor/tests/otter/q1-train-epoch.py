"""Generated: `grader.check("q1-train-epoch")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-train-epoch"
points = 4.0


@test_case(name="Every batch makes one step along its gradient.", points=2.0)
def test_steps(env):
    live.run_check("test_training.py", "test_steps", env)


@test_case(name="train_epoch returns the mean loss over all samples, before each step.", points=1.0)
def test_returned_loss(env):
    live.run_check("test_training.py", "test_returned_loss", env)


@test_case(name="The model learns in training mode, also where it was in evaluation mode before.", points=1.0)
def test_training_mode(env):
    live.run_check("test_training.py", "test_training_mode", env)
