"""Generated: `grader.check("p5-relu")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p5-relu"
points = 1.5554000000000001


@test_case(name="build_network puts ReLU after each hidden layer if the activation is \"relu\".", points=0.2222)
def test_network_has_relu(env):
    live.run_check("test_relu_network.py", "test_network_has_relu", env)


@test_case(name="relu_statistics holds what activation_statistics says of fresh ReLU networks.", points=0.2222)
def test_relu_statistics(env):
    live.run_check("test_relu_network.py", "test_relu_statistics", env)


@test_case(name="relu_results holds losses and test accuracy of the ReLU networks.", points=0.2222)
def test_relu_results(env):
    live.run_check("test_relu_network.py", "test_relu_results", env)


@test_case(name="The networks in relu_networks are ReLU networks.", points=0.2222)
def test_trained_networks_have_relu(env):
    live.run_check("test_relu_network.py", "test_trained_networks_have_relu", env)


@test_case(name="The statistics and the losses of the ReLU networks are drawn, too.", points=0.2222)
def test_relu_figures(env):
    live.run_check("test_relu_network.py", "test_relu_figures", env)


@test_case(name="What the full ReLU runs stated is what the weights handed in and the data say.", points=0.4444)
def test_relu_claims(env):
    live.run_check("test_training_claims.py", "test_relu_claims", env)
