"""Generated: `grader.check("q2-xor-grid")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q2-xor-grid"
points = 2.0


@test_case(name="plot_losses has a plot for each network in one figure, with titles.", points=1.3333)
def test_grid(env):
    live.run_check("test_xor.py", "test_grid", env)


@test_case(name="The plots of the grid have labels on their axes.", points=0.6667)
def test_labels_of_the_grid(env):
    live.run_check("test_xor.py", "test_labels_of_the_grid", env)
