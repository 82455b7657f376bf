"""Generated: `grader.check("p6-training")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p6-training"
points = 3.5382999999999996


@test_case(name="Images become rows of 784 numbers from 0 to 1.", points=0.1538)
def test_prepare(env):
    live.run_check("test_mnist.py", "test_prepare", env)


@test_case(name="The model is 784 -> 128 ReLU -> 64 ReLU -> 10, and its outputs are logits.", points=0.3077)
def test_model(env):
    live.run_check("test_mnist.py", "test_model", env)


@test_case(name="One epoch of one batch moves each parameter by -learning_rate times its gradient.", points=0.3077)
def test_one_step(env):
    live.run_check("test_mnist.py", "test_one_step", env)


@test_case(name="Training moves a model along its gradient; without that, no result of it counts.", points=0.1538)
def test_train_follows_the_gradient(env):
    live.run_check("test_mnist.py", "test_train_follows_the_gradient", env)


@test_case(name="Each epoch shows every sample once, with its own label, and an update follows each batch.", points=0.3077)
def test_batches(env):
    live.run_check("test_mnist.py", "test_batches", env)


@test_case(name="The losses that train returns are means over the samples, one for each epoch.", points=0.3077)
def test_epoch_losses(env):
    live.run_check("test_mnist.py", "test_epoch_losses", env)


@test_case(name="Six epochs on 1,200 images bring a new model above 70 % on images it has never seen.", points=0.6154)
def test_training(env):
    live.run_check("test_mnist.py", "test_training", env)


@test_case(name="The prediction is the class of the largest logit, and accuracy is in per cent.", points=0.1538)
def test_predict_and_accuracy(env):
    live.run_check("test_mnist.py", "test_predict_and_accuracy", env)


@test_case(name="The gradient check comes first, and its error is below 1e-5.", points=0.3077)
def test_gradient_error(env):
    live.run_check("test_mnist_results.py", "test_gradient_error", env)


@test_case(name="A figure shows the loss of each of the three epochs, with labelled axes.", points=0.1538)
def test_loss_curve(env):
    live.run_check("test_mnist_results.py", "test_loss_curve", env)


@test_case(name="A figure shows ten random test images with the prediction and the true label.", points=0.3077)
def test_ten_digits(env):
    live.run_check("test_mnist_results.py", "test_ten_digits", env)


@test_case(name="The saved weights reach the test accuracy that is claimed for them.", points=0.3077)
def test_claimed_accuracy(env):
    live.run_check("test_mnist_results.py", "test_claimed_accuracy", env)


@test_case(name="Three epochs of training have brought the saved weights above 90 %.", points=0.1538)
def test_accuracy(env):
    live.run_check("test_mnist_results.py", "test_accuracy", env)
