"""Generated: `grader.check("q1-optimizer-study")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-optimizer-study"
points = 2.0


@test_case(name="What the four optimizers reached is what their weights reach.", points=1.1429)
def test_optimizer_claims(env):
    live.run_check("test_claims.py", "test_optimizer_claims", env)


@test_case(name="optimizer_runs has a run for each optimizer, all different, from the best initialisation.", points=0.5714)
def test_optimizer_runs(env):
    live.run_check("test_studies.py", "test_optimizer_runs", env)


@test_case(name="A figure shows the validation accuracies of optimizer_runs.", points=0.2857)
def test_optimizer_figure(env):
    live.run_check("test_studies.py", "test_optimizer_figure", env)
