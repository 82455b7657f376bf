"""Generated: `grader.check("p5-dynamics")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p5-dynamics"
points = 2.8887


@test_case(name="Each step of train moves every parameter by minus learning_rate times its gradient.", points=0.2222)
def test_step(env):
    live.run_check("test_dynamics.py", "test_step", env)


@test_case(name="Training moves a network along its gradient; without that, no result of it counts.", points=0.2222)
def test_train_follows_the_gradient(env):
    live.run_check("test_dynamics.py", "test_train_follows_the_gradient", env)


@test_case(name="The losses that train returns are the means of the epochs, one number for each.", points=0.2222)
def test_losses(env):
    live.run_check("test_dynamics.py", "test_losses", env)


@test_case(name="An epoch of train visits every image once, in batches of batch_size.", points=0.2222)
def test_batches(env):
    live.run_check("test_dynamics.py", "test_batches", env)


@test_case(name="measure_accuracy gives the share of right answers.", points=0.1111)
def test_accuracy(env):
    live.run_check("test_dynamics.py", "test_accuracy", env)


@test_case(name="measure_accuracy counts in per cent.", points=0.1111)
def test_unit_of_accuracy(env):
    live.run_check("test_dynamics.py", "test_unit_of_accuracy", env)


@test_case(name="tanh_results holds a loss for each of EPOCHS epochs, for all four methods.", points=0.2222)
def test_tanh_losses(env):
    live.run_check("test_dynamics_results.py", "test_tanh_losses", env)


@test_case(name="tanh_results holds the test accuracy of the trained networks in per cent.", points=0.2222)
def test_tanh_accuracy(env):
    live.run_check("test_dynamics_results.py", "test_tanh_accuracy", env)


@test_case(name="plot_losses draws the loss curves of all four methods in one figure.", points=0.2222)
def test_loss_curves(env):
    live.run_check("test_dynamics_results.py", "test_loss_curves", env)


@test_case(name="The figure of plot_losses has a legend that names the methods.", points=0.2222)
def test_legend_of_loss_curves(env):
    live.run_check("test_dynamics_results.py", "test_legend_of_loss_curves", env)


@test_case(name="The notebook shows the loss curves of tanh_results.", points=0.2222)
def test_tanh_figure(env):
    live.run_check("test_dynamics_results.py", "test_tanh_figure", env)


@test_case(name="What the full tanh runs stated is what the weights handed in and the data say.", points=0.6667)
def test_tanh_claims(env):
    live.run_check("test_training_claims.py", "test_tanh_claims", env)
