"""Generated: `grader.check("p4-training")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "p4-training"
points = 1.6919999999999997


@test_case(name="Training moves a model along its gradient; without that, no result of it counts.", points=0.1538)
def test_train_follows_the_gradient(env):
    live.run_check("test_blood_cells_training.py", "test_train_follows_the_gradient", env)


@test_case(name="The weights after a few epochs are those that Adam on the cross-entropy gives.", points=0.3077)
def test_adam(env):
    live.run_check("test_blood_cells_training.py", "test_adam", env)


@test_case(name="An epoch learns once from every training image, in batches of batch_size, in a new order.", points=0.1538)
def test_every_image_once_an_epoch(env):
    live.run_check("test_blood_cells_training.py", "test_every_image_once_an_epoch", env)


@test_case(name="The model never learns from validation images, and is measured in evaluation mode.", points=0.1538)
def test_validation_is_only_measured(env):
    live.run_check("test_blood_cells_training.py", "test_validation_is_only_measured", env)


@test_case(name="Loss and accuracy of validation are those of the model after the epoch.", points=0.1538)
def test_validation_numbers(env):
    live.run_check("test_blood_cells_training.py", "test_validation_numbers", env)


@test_case(name="Loss and accuracy of training are means over all training images.", points=0.1538)
def test_training_numbers(env):
    live.run_check("test_blood_cells_training.py", "test_training_numbers", env)


@test_case(name="The notebook's own run has a history of EPOCHS epochs.", points=0.1538)
def test_the_notebook_trains(env):
    live.run_check("test_blood_cells_training.py", "test_the_notebook_trains", env)


@test_case(name="The stated history is that of 30 epochs, and ends where the saved weights are.", points=0.4615)
def test_training_claims(env):
    live.run_check("test_blood_cells_weights.py", "test_training_claims", env)
