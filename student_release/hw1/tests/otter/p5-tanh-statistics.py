"""Generated: `grader.check("p5-tanh-statistics")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p5-tanh-statistics"
points = 2.0


@test_case(name="build_network makes 784 → 256 → 256 → 256 → 256 → 256 → 10 with tanh and no more.", points=0.25)
def test_network(env):
    live.run_check("test_statistics.py", "test_network", env)


@test_case(name="build_network hands the network to initialize_network, with the method it is asked for.", points=0.25)
def test_network_is_initialised(env):
    live.run_check("test_statistics.py", "test_network_is_initialised", env)


@test_case(name="hidden_activations returns what leaves the activation function of each hidden layer.", points=0.25)
def test_hidden_activations(env):
    live.run_check("test_statistics.py", "test_hidden_activations", env)


@test_case(name="activation_statistics gives mean and std of each hidden layer, over images and units.", points=0.25)
def test_activation_statistics(env):
    live.run_check("test_statistics.py", "test_activation_statistics", env)


@test_case(name="tanh_statistics holds the statistics of a fresh tanh network for each method.", points=0.25)
def test_tanh_statistics(env):
    live.run_check("test_statistics_results.py", "test_tanh_statistics", env)


@test_case(name="plot_statistics draws two subplots, mean and std against depth, a line for each method.", points=0.25)
def test_subplots(env):
    live.run_check("test_statistics_results.py", "test_subplots", env)


@test_case(name="The figure of plot_statistics names the methods in a legend, and says what is shown where.", points=0.25)
def test_labels(env):
    live.run_check("test_statistics_results.py", "test_labels", env)


@test_case(name="The notebook shows the figure of tanh_statistics.", points=0.25)
def test_tanh_figure(env):
    live.run_check("test_statistics_results.py", "test_tanh_figure", env)
