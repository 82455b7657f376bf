"""Generated: `grader.check("p4-curves")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-curves"
points = 1.5


@test_case(name="Train and validation curves are in one plot, against the epoch, with labels.", points=0.75)
def test_plot(env):
    live.run_check("test_blood_cells_curves.py", "test_plot", env)


@test_case(name="The notebook's own run draws both plots of its history.", points=0.75)
def test_the_notebook_has_the_plots(env):
    live.run_check("test_blood_cells_curves.py", "test_the_notebook_has_the_plots", env)
