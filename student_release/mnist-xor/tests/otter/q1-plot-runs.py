"""Generated: `grader.check("q1-plot-runs")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "q1-plot-runs"
points = 2.0


@test_case(name="plot_runs draws the validation accuracies of all runs in one plot.", points=1.0)
def test_plot_runs(env):
    live.run_check("test_studies.py", "test_plot_runs", env)


@test_case(name="The plot of the runs has axis labels, a title, and a legend with the names of the runs.", points=1.0)
def test_words_of_the_plot(env):
    live.run_check("test_studies.py", "test_words_of_the_plot", env)
