"""Generated: `grader.check("q1-mlp-curves")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-mlp-curves"
points = 2.0


@test_case(name="plot_accuracy draws both accuracies against the epoch, with labels and a legend.", points=1.3333)
def test_curves(env):
    live.run_check("test_training.py", "test_curves", env)


@test_case(name="The notebook draws the accuracies of its own MLP.", points=0.6667)
def test_curves_of_the_run(env):
    live.run_check("test_training.py", "test_curves_of_the_run", env)
