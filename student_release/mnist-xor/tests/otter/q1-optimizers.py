"""Generated: `grader.check("q1-optimizers")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-optimizers"
points = 1.3333


@test_case(name="The optimizer makes the steps that its name and its learning rate say.", points=1.3333)
def test_optimizer(env):
    live.run_check("test_initialisation.py", "test_optimizer", env)
