"""Generated: `grader.check("q1-init-study")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-init-study"
points = 2.0


@test_case(name="What the five initialisations reached is what their weights reach.", points=1.1429)
def test_init_claims(env):
    live.run_check("test_claims.py", "test_init_claims", env)


@test_case(name="init_runs has a run for each method, all different.", points=0.5714)
def test_init_runs(env):
    live.run_check("test_studies.py", "test_init_runs", env)


@test_case(name="A figure shows the validation accuracies of init_runs.", points=0.2857)
def test_init_figure(env):
    live.run_check("test_studies.py", "test_init_figure", env)
