# %% [markdown]
# # Problem 6. Training on MNIST with `mytorch`
#
# All parts of your library meet here: `Linear`, `ReLU`, `Sequential`, `SoftmaxCrossEntropy`, `SGD`
# and `gradient_check`. Together they learn to read handwritten digits, in about a minute and
# without a framework. Write `mytorch/` first, until its checks pass; then come back.
#
# 1. [Data](#data): the digits as arrays
# 2. [First of all: are the gradients right?](#gradients)
# 3. [Training](#training): three epochs of stochastic gradient descent
# 4. [Results](#results): loss curve, test accuracy, ten digits with their predictions
# 5. [Claims](#claims): what you hand in
#
# Write between `# BEGIN YOUR SOLUTION` and `# END YOUR SOLUTION`, and remove the `raise`
# statement. Leave names, arguments and results of functions and variables as they are
# given: the checks use them. The check cell is at the end; you may run it at any time.
#
# The network, with $X$ one image in each row:
#
# $$
# X \xrightarrow{\ \text{Linear}\ 784 \to 128\ } \cdot \xrightarrow{\ \text{ReLU}\ }
# \cdot \xrightarrow{\ \text{Linear}\ 128 \to 64\ } \cdot \xrightarrow{\ \text{ReLU}\ }
# \cdot \xrightarrow{\ \text{Linear}\ 64 \to 10\ } \text{logits}
# $$

# %%
import matplotlib.pyplot as plt
import numpy as np
from mytorch import nn
from mytorch.utils import gradient_check

from autograder import datasets
from autograder.claims import save_claims

# %% [markdown]
# **Parameters.** Everything that can be tuned is set here and nowhere else. The numbers are those
# of the task. When your notebook is graded, it is run again from a clean start, on fewer images and
# possibly with other numbers in this cell, so use the names below wherever you need one of them.

# %% tags=["parameters"]
EPOCHS = 3
BATCH_SIZE = 64
LEARNING_RATE = 0.1
SEED = 6

# %% [markdown]
# <a id="data"></a>
# ## 1. Data
#
# MNIST: 70,000 grey images of 28 × 28 pixels, 10,000 of them for the test. The first run downloads
# it; later runs find it on your disk. We keep no validation set in this problem, because nothing is
# tuned: `all_train()` gives all 60,000 images that are not for the test.

# %%
mnist = datasets.mnist()
train_images, train_labels = mnist.all_train()
test_images, test_labels = mnist.test_images, mnist.test_labels

print(f"train: {train_images.shape} {train_images.dtype}, labels {train_labels.shape}")
print(f"test:  {test_images.shape} {test_images.dtype}, labels {test_labels.shape}")

# %% [markdown]
# A network wants one row of small numbers for each sample.


# %%
def prepare(images):
    """Flatten images and scale their grey values to 0 ... 1.

    Args:
        images: (N, 28, 28), whole numbers from 0 to 255.

    Returns:
        (N, 784) float64, from 0.0 (black) to 1.0 (white).
    """
    # BEGIN SOLUTION p6-training
    return images.reshape(len(images), -1) / 255.0
    # END SOLUTION


# %%
X_train, X_test = prepare(train_images), prepare(test_images)
print(X_train.shape, X_train.dtype, X_train.min(), X_train.max())

# %% [markdown]
# <a id="gradients"></a>
# ## 2. First of all: are the gradients right?
#
# A network with a wrong gradient often learns, only worse, and the mistake goes unnoticed. So
# the first thing to do with a new model is to check its gradients.


# %%
def build_model(sizes=(784, 128, 64, 10)):
    """Chain Linear layers of these sizes, with a ReLU after each of them but the last.

        sizes = (784, 128, 64, 10):    784 -> 128 ReLU -> 64 ReLU -> 10

    Args:
        sizes: number of inputs, of units of each hidden layer, of outputs; two numbers or more.

    Returns:
        An nn.Sequential, freshly initialised.
    """
    # BEGIN SOLUTION p6-training
    layers = []
    for k in range(len(sizes) - 1):
        layers += [nn.Linear(sizes[k], sizes[k + 1]), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
    # END SOLUTION


# %% [markdown]
# `gradient_check` runs the model twice for each parameter: a quarter of a million times for the
# full network. A small one of the same kind has the same code to get right and is done at once.
# Build one that takes images of 14 × 14 pixels (every second row, and of that every second
# column) and has two hidden layers of 12 units, check it on the first 5 training images, and store
# the error in `gradient_error`. **It must be below 1e-5**; if it is not, go no further. (With fewer
# units it happens that an image makes all of the first layer 0. Then the second layer stands at the
# kink of ReLU, where a difference is no derivative.)

# %%
np.random.seed(SEED)
# BEGIN SOLUTION p6-training
small_model = build_model((14 * 14, 12, 12, 10))
small_images = X_train[:5].reshape(5, 28, 28)[:, ::2, ::2].reshape(5, 14 * 14)
gradient_error = gradient_check(small_model, small_images, train_labels[:5])
# END SOLUTION
print(f"largest relative error of a gradient: {gradient_error:.2e}")

# %% [markdown]
# <a id="training"></a>
# ## 3. Training
#
# One **epoch** sees every image once, in an order that is drawn anew, `batch_size` images at a
# time. One **step** is: forward, loss, backward of the loss, backward of the model, update. The
# last batch of an epoch may be smaller.
#
# The loss of an epoch is the mean over its images. Batches of different sizes weigh accordingly;
# leaving that out is a small mistake, but a mistake.


# %%
def train(model, X, labels, epochs, learning_rate, batch_size, seed):
    """Train a model in place by stochastic gradient descent on softmax cross-entropy.

    Every epoch draws a new order of the samples and goes through it in batches.

    Args:
        model: an nn.Sequential that ends in logits; its parameters are changed.
        X: (N, features), one sample in each row.
        labels: (N,), class indices.
        epochs: how often every sample is seen.
        learning_rate: the step size of SGD.
        batch_size: samples in a batch; the last one of an epoch may have fewer.
        seed: makes the orders repeatable.

    Returns:
        A list with the mean loss over the samples for each epoch, in nats: `epochs` numbers.
        The loss of a batch is the one before its step.
    """
    # BEGIN SOLUTION p6-training
    rng = np.random.default_rng(seed)
    loss_function = nn.SoftmaxCrossEntropy()
    optimizer = nn.SGD(model.get_parameters(), lr=learning_rate)
    epoch_losses = []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        total = 0.0
        for start in range(0, len(X), batch_size):
            batch = order[start : start + batch_size]
            loss = loss_function.forward(model.forward(X[batch]), labels[batch])
            model.backward(loss_function.backward())
            optimizer.step(model.get_gradients())
            total += float(loss) * len(batch)
        epoch_losses.append(total / len(X))
    return epoch_losses
    # END SOLUTION
    # BEGIN PROMPT
    # 1. An optimizer for the model's parameters, a loss, a generator from the seed.
    # 2. For each epoch: a new order; for each batch of it: forward, backward, step.
    # 3. Keep the sum of the losses of all samples, to return a mean for each epoch.
    # END PROMPT


# %%
np.random.seed(SEED)
model = build_model()
epoch_losses = train(
    model, X_train, train_labels, EPOCHS, LEARNING_RATE, batch_size=BATCH_SIZE, seed=SEED
)
for epoch, loss in enumerate(epoch_losses, 1):
    print(f"epoch {epoch}: mean loss {loss:.4f}")

# %% [markdown]
# <a id="results"></a>
# ## 4. Results
#
# **The loss curve.** Plot `epoch_losses` against the number of the epoch, counted from 1. Label
# both axes.

# %%
# BEGIN SOLUTION p6-training
figure, axes = plt.subplots(figsize=(6, 4))
axes.plot(range(1, len(epoch_losses) + 1), epoch_losses, marker="o")
axes.set(title="mytorch on MNIST", xlabel="epoch", ylabel="mean training loss (nats)")
axes.set_xticks(range(1, len(epoch_losses) + 1))
axes.grid(alpha=0.3)
plt.show()
# END SOLUTION

# %% [markdown]
# **Test accuracy.** The predicted class of an image is the one of the largest logit.


# %%
def predict(model, X):
    """Predict the class of each sample.

    Args:
        model: an nn.Sequential that ends in logits.
        X: (N, features).

    Returns:
        (N,) class indices, whole numbers.
    """
    # BEGIN SOLUTION p6-training
    return np.argmax(model.forward(X), axis=1)
    # END SOLUTION


def accuracy(predictions, labels):
    """Compute the share of predictions that are right, in per cent.

    Args:
        predictions: (N,) class indices.
        labels: (N,) class indices.

    Returns:
        A number from 0 to 100.
    """
    # BEGIN SOLUTION p6-training
    return 100.0 * float(np.mean(predictions == labels))
    # END SOLUTION


# %%
predictions = predict(model, X_test)
test_accuracy = accuracy(predictions, test_labels)
print(f"test accuracy: {test_accuracy:.2f} %")

# %% [markdown]
# Three epochs should bring you above 90 %. If they do not and the gradient check was passed, look
# at the training loop: are images and labels still side by side after shuffling?
#
# **Ten digits.** Draw ten different test images at random and show them in one figure, each with a
# title that holds the prediction first and the true label second, such as `predicted 7, true 1`.

# %%
# BEGIN SOLUTION p6-training
chosen = np.random.default_rng(SEED).choice(len(test_images), size=10, replace=False)
figure, grid = plt.subplots(2, 5, figsize=(10, 4.6))
for place, index in zip(grid.flat, chosen, strict=True):
    right = predictions[index] == test_labels[index]
    place.imshow(test_images[index], cmap="gray")
    place.set_title(
        f"predicted {predictions[index]}, true {test_labels[index]}",
        fontsize=10,
        color="black" if right else "crimson",
    )
    place.axis("off")
figure.tight_layout()
plt.show()
# END SOLUTION

# %% [markdown]
# <a id="claims"></a>
# ## 5. Claims
#
# This cell writes your trained weights and the numbers you report into the folder `claims/`, which
# you hand in together with the notebooks. The grader computes the accuracy of these weights once
# more, on its own test images, and compares. So run the notebook from top to bottom before you hand
# it in, and change nothing afterwards.

# %%
save_claims(
    "p6",
    # Single precision: the file is half as large, and the predictions are the same.
    [np.float32(parameter) for parameter in model.get_parameters()],
    data=mnist,
    test_accuracy=test_accuracy,
    epoch_losses=epoch_losses,
    gradient_error=float(gradient_error),
)

# %% check="p6-training"
