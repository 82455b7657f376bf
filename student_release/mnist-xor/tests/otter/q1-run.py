"""Generated: `grader.check("q1-run")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-run"
points = 2.0


@test_case(name="A run has its trained model, its history and the test accuracy of the model.", points=0.8)
def test_run(env):
    live.run_check("test_studies.py", "test_run", env)


@test_case(name="Every run has a new model and the same seed.", points=0.4)
def test_run_begins_anew(env):
    live.run_check("test_studies.py", "test_run_begins_anew", env)


@test_case(name="The model of a run begins as its method says.", points=0.4)
def test_run_initialises(env):
    live.run_check("test_studies.py", "test_run_initialises", env)


@test_case(name="Runs with other optimizers end elsewhere.", points=0.4)
def test_run_uses_the_optimizer(env):
    live.run_check("test_studies.py", "test_run_uses_the_optimizer", env)
