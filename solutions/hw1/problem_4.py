# %% [markdown]
# # Problem 4. Blood cells with an MLP
#
# A drop of blood under the microscope shows eight kinds of cells, and how many there are of each
# tells a doctor much about a patient. Counting them by eye is slow. In this problem you train a
# small network to do it: a multilayer perceptron (MLP) that is given the 28 × 28 × 3 numbers of an
# image and nothing else.
#
# You go once through everything that such a study needs: look at the data, build and train a
# model, and then, which is the larger part, find out what the model can do and where it fails.
# An accuracy alone does not say that.
#
# **How to work.** Write your code between `# BEGIN YOUR SOLUTION` and `# END YOUR SOLUTION`, and
# remove the `raise` statement. Leave names, arguments and results of the
# functions as their docstrings say, and leave the cells that call them: the checks use both. You
# may add functions and cells. The check cells tell you what is right so far; nothing is graded
# by them.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.metrics import classification_report, confusion_matrix
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from autograder import datasets
from autograder.claims import save_claims

# %% [markdown]
# ## Parameters
#
# The numbers that decide how the network is trained are set here and nowhere else. The grader runs
# this notebook with two epochs on a few hundred images, to see that it runs from a clean start;
# your own results come from **30 epochs on all images**, about a minute on a laptop. While you
# write, a smaller `EPOCHS` saves time; set it back to 30 before your last run.

# %%
EPOCHS = 30
BATCH_SIZE = 64
LEARNING_RATE = 1e-3
SEED = 0
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"

# %% [markdown]
# ## The data
#
# BloodMNIST holds 17,092 colour images of single blood cells, taken from people without infection
# or blood disease, scaled down to 28 × 28 pixels and labelled by pathologists (A. Acevedo et al.,
# Data in Brief 30, 2020; J. Yang et al., MedMNIST v2, Scientific Data 10, 2023). The images come
# in three parts that must never be mixed: from the *training* images the model learns, by the
# *validation* images you watch it learn, and the *test* images are looked at once, at the end.
#
# `datasets.bloodmnist()` finds the images on your machine, or fetches them. If it can do neither,
# it draws stand-in cells and says so; you can do the whole problem with them.

# %%
blood = datasets.bloodmnist()
CLASSES = list(blood.classes)
print(blood)
print("classes:", ", ".join(CLASSES))
print("images:", blood.train_images.shape, blood.train_images.dtype)
print("labels:", blood.train_labels.shape, blood.train_labels.dtype, blood.train_labels[:5])


# %% [markdown]
# ### How many images, and of what
#
# Before any model: how large are the three parts, what do the classes look like, and are there
# as many images of one class as of another? If one class made up 90 % of the images, a model that
# always names it would be right in 90 % of all cases.


# %%
def count_images(dataset):
    """Count the images of each part of a data set.

    Args:
        dataset: as `datasets.bloodmnist()` returns it.

    Returns:
        A dict with the keys "train", "validation" and "test", and integers.
    """
    # BEGIN SOLUTION p4-data
    return {
        "train": len(dataset.train_images),
        "validation": len(dataset.validation_images),
        "test": len(dataset.test_images),
    }
    # END SOLUTION


def count_classes(labels):
    """Count the images of each of the 8 classes.

    Args:
        labels: (N,) integers from 0 to 7; or (N, 1), the shape in which medmnist's own classes
            hand them out.

    Returns:
        (8,) integers; entry k is the number of images of class k, which may be 0.
    """
    # BEGIN SOLUTION p4-data
    return np.bincount(np.ravel(labels), minlength=len(CLASSES))
    # END SOLUTION


def is_balanced(class_counts):
    """Tell whether the classes are balanced.

    We call them balanced if the largest class has at most one and a half times as many images as
    the smallest.

    Args:
        class_counts: (8,) integers, as `count_classes` returns them.

    Returns:
        True or False.
    """
    # BEGIN SOLUTION p4-data
    return bool(max(class_counts) <= 1.5 * min(class_counts))
    # END SOLUTION


# %%
split_sizes = count_images(blood)
class_counts = count_classes(blood.train_labels)
balanced = is_balanced(class_counts)
print("images in each part:", split_sizes)
for name, count in zip(CLASSES, class_counts, strict=True):
    print(f"{name:>22} {int(count):6,} training images")
print("the classes are", "balanced" if balanced else "not balanced")


# %% [markdown]
# ### Two of each kind, and the class distribution
#
# Draw two figures:
#
# - a grid of 16 training images, 2 of each class, drawn at random, each with the name of its
#   class as its title;
# - a bar chart with the number of training images of each class: a bar for each class, its name
#   below the bar or next to it, and both axes labelled.


# %%
def draw_examples(labels, per_class, rng):
    """Draw some images of each class at random.

    Args:
        labels: (N,) integers from 0 to 7.
        per_class: how many images of each class; there are at least as many.
        rng: a `numpy.random.Generator`. All randomness comes from it, so that the same seed draws
            the same images again and another seed draws others.

    Returns:
        8 · per_class indices of images, all different; the first `per_class` of them are of class
        0, the next of class 1, and so on.
    """
    # BEGIN SOLUTION p4-data
    drawn = [
        rng.choice(np.flatnonzero(labels == k), size=per_class, replace=False)
        for k in range(len(CLASSES))
    ]
    return np.concatenate(drawn)
    # END SOLUTION


def show_examples(images, labels):
    """Show 16 images in a grid, each with the name of its class as its title.

    Args:
        images: (16, 28, 28, 3) uint8.
        labels: (16,) their classes, integers from 0 to 7.
    """
    # BEGIN SOLUTION p4-data
    figure, axes = plt.subplots(4, 4, figsize=(8, 9), layout="constrained")
    for panel, image, label in zip(axes.flat, images, labels, strict=True):
        panel.imshow(image)
        panel.set_title(CLASSES[label], fontsize=9)
        panel.axis("off")
    figure.suptitle("Two training images of each class")
    plt.show()
    # END SOLUTION


def plot_class_counts(class_counts):
    """Draw a bar chart of the number of images of each class, with labelled axes.

    Args:
        class_counts: (8,) integers, as `count_classes` returns them.
    """
    # BEGIN SOLUTION p4-data
    _, panel = plt.subplots(figsize=(8, 4), layout="constrained")
    panel.bar(CLASSES, class_counts)
    panel.set_title("Training images of each class")
    panel.set_xlabel("class")
    panel.set_ylabel("number of images")
    panel.tick_params(axis="x", rotation=30)
    plt.show()
    # END SOLUTION


# %%
example_indices = draw_examples(blood.train_labels, 2, np.random.default_rng(SEED))
show_examples(blood.train_images[example_indices], blood.train_labels[example_indices])
plot_class_counts(class_counts)

# %% check="p4-data"


# %% [markdown]
# ## The model
#
# Networks learn best from numbers around zero. `to_inputs` (given, leave it as it is: the grader
# uses the same) turns an image of bytes from 0 to 255 into numbers from −1 to 1, with the colour
# channels first, as PyTorch has them.


# %%
def to_inputs(images):
    """Turn images into a model's inputs: x = (image/255 − 0.5) / 0.5.

    Args:
        images: (N, 28, 28, 3) uint8.

    Returns:
        (N, 3, 28, 28) float32 tensor on DEVICE, from −1 to 1.
    """
    channels_first = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
    return ((torch.from_numpy(channels_first).float() / 255 - 0.5) / 0.5).to(DEVICE)


def to_set(images, labels):
    """Put inputs and labels together as PyTorch's loaders read them."""
    return TensorDataset(to_inputs(images), torch.tensor(labels, device=DEVICE))


train_set = to_set(blood.train_images, blood.train_labels)
validation_set = to_set(blood.validation_images, blood.validation_labels)


# %% [markdown]
# An MLP knows nothing of rows and columns: the image is laid out as one long vector first. Yours
# is
#
#     flatten to 3 · 28 · 28 = 2,352
#     Linear 2,352 → 256, ReLU
#     Linear   256 → 128, ReLU
#     Linear   128 →   8
#
# What comes out are the *logits*, one for each class; softmax is part of the loss and not of the
# model. How many parameters should that be? Count on paper before you run the check.


# %%
def build_model():
    """Build the MLP with new random weights, as PyTorch draws them by default.

    Returns:
        A `torch.nn.Module` that maps inputs (N, 3, 28, 28) to logits (N, 8).
    """
    # BEGIN SOLUTION p4-model
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(3 * 28 * 28, 256),
        nn.ReLU(),
        nn.Linear(256, 128),
        nn.ReLU(),
        nn.Linear(128, len(CLASSES)),
    )
    # END SOLUTION


# %%
torch.manual_seed(SEED)
model = build_model().to(DEVICE)
parameter_count = sum(parameter.numel() for parameter in model.parameters())
print(model)
print(f"{parameter_count:,} parameters")

# %% check="p4-model"


# %% [markdown]
# ## Training
#
# One epoch is one pass through all training images, in a new random order, in batches. For each
# batch: forget the old gradients, compute the logits and their cross-entropy, go backward, let
# Adam make its step. After each epoch measure the model on the validation images. That is a
# measurement and no more: in evaluation mode (`model.eval()`, and `model.train()` before the next
# epoch), without gradients (`with torch.no_grad():`), and nothing is learned from it.
#
# Keep a history, because the curves tell more than the last number.


# %%
def train(model, train_set, validation_set, epochs, batch_size, learning_rate):
    """Train a model with Adam on the cross-entropy, and keep the history of it.

    In each epoch the model, in training mode, learns once from every image of the training set,
    in a new random order. After each epoch it is measured on the validation set, in evaluation
    mode.

    Args:
        model: maps inputs (N, 3, 28, 28) to logits (N, 8); trained in place.
        train_set: a TensorDataset of inputs and labels (N,).
        validation_set: the same; nothing is learned from it.
        epochs: how many times to go through the training set.
        batch_size: how many images a step of Adam is computed from.
        learning_rate: Adam's; its other parameters are PyTorch's defaults.

    Returns:
        A dict of four lists with one number for each epoch: "train_loss" and "validation_loss",
        the mean cross-entropy of an image in nats; "train_accuracy" and "validation_accuracy", in
        per cent. The two of training may be collected during the epoch or measured after it.
    """
    # BEGIN SOLUTION p4-training
    adam = torch.optim.Adam(model.parameters(), lr=learning_rate)
    batches = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    inputs, labels = validation_set.tensors
    names = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
    history = {name: [] for name in names}
    for _ in range(epochs):
        model.train()
        loss_sum, right = 0.0, 0
        for batch_inputs, batch_labels in batches:
            adam.zero_grad()
            logits = model(batch_inputs)
            loss = functional.cross_entropy(logits, batch_labels)
            loss.backward()
            adam.step()
            # The last batch may be smaller: sums, and one division at the end.
            loss_sum += loss.item() * len(batch_labels)
            right += (logits.argmax(dim=1) == batch_labels).sum().item()
        history["train_loss"].append(loss_sum / len(train_set))
        history["train_accuracy"].append(100 * right / len(train_set))

        model.eval()
        with torch.no_grad():
            logits = model(inputs)
        right = (logits.argmax(dim=1) == labels).sum().item()
        history["validation_loss"].append(functional.cross_entropy(logits, labels).item())
        history["validation_accuracy"].append(100 * right / len(labels))
    return history
    # END SOLUTION


# %%
torch.manual_seed(SEED)
history = train(model, train_set, validation_set, EPOCHS, BATCH_SIZE, LEARNING_RATE)
for name, values in history.items():
    print(f"{name:>20}: {values[0]:6.2f} after the first epoch, {values[-1]:6.2f} after the last")

# %% [markdown]
# ### Save what you find
#
# No grader has the time to train all your networks again. Instead `save_results` (given)
# writes your model's weights, and the numbers that you have found so far, into `claims/`; the
# grader puts the test images through these weights and compares. A number counts if the weights
# really reach it. The cells below call it whenever there is a new number; hand in `claims/` with
# the notebook.


# %%
def save_results():
    """Save the model's weights, and all results that are there, to claims/p4.npz and p4.json."""
    results = (
        "history",
        "test_accuracy",
        "confusion",
        "confused_pairs",
        "report",
        "lowest_recall_class",
        "quadrant_sizes",
    )
    save_claims(
        "p4",
        # Half precision: a network is no worse for it, and the file half as large.
        {name: values.half() for name, values in model.state_dict().items()},
        data=blood,
        epochs=EPOCHS,
        batch_size=BATCH_SIZE,
        learning_rate=LEARNING_RATE,
        **{name: globals()[name] for name in results if name in globals()},
    )


save_results()

# %% check="p4-training"


# %% [markdown]
# ### Learning curves
#
# Draw the loss, and draw the accuracy, both against the epoch: one plot for each, with one line
# for training and one for validation, axes labelled, and a legend. Look at them: where do the two
# lines part, and what does that mean?


# %%
def plot_history(history):
    """Draw train and validation loss in one plot, train and validation accuracy in another.

    The x axis is the epoch. Axes are labelled, and a legend tells the lines apart.

    Args:
        history: as `train` returns it, of any number of epochs.
    """
    # BEGIN SOLUTION p4-curves
    _, panels = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    epochs = range(1, len(history["train_loss"]) + 1)
    for panel, quantity, unit in zip(panels, ("loss", "accuracy"), ("nats", "%"), strict=True):
        panel.plot(epochs, history[f"train_{quantity}"], label="train")
        panel.plot(epochs, history[f"validation_{quantity}"], label="validation")
        panel.set_title(f"{quantity.capitalize()} during training")
        panel.set_xlabel("epoch")
        panel.set_ylabel(f"{quantity} ({unit})")
        panel.legend()
    plt.show()
    # END SOLUTION


# %%
plot_history(history)
best_epoch = 1 + int(np.argmin(history["validation_loss"]))
print(f"the validation loss is lowest after epoch {best_epoch} of {EPOCHS}")

# %% check="p4-curves"

# %% [markdown]
# ## What the model can do
#
# Now, once, the test images. From here on everything is NumPy: `test_labels` is what the cells
# are, and `test_predictions`, which you compute, is what the model takes them for.

# %%
test_inputs = to_inputs(blood.test_images)
test_labels = blood.test_labels


# %% [markdown]
# ### Accuracy


# %%
def predict(model, inputs):
    """Tell which class a model takes each input for: the one of the largest logit.

    Works in evaluation mode and without gradients.

    Args:
        model: maps inputs to logits (N, 8).
        inputs: (N, 3, 28, 28) float32 tensor.

    Returns:
        (N,) NumPy array of integers from 0 to 7.
    """
    # BEGIN SOLUTION p4-accuracy
    model.eval()
    with torch.no_grad():
        return model(inputs).argmax(dim=1).cpu().numpy()
    # END SOLUTION


def accuracy(predictions, labels):
    """Compute which share of the predictions is right, in per cent.

    Args:
        predictions: (N,) NumPy array of integers from 0 to 7.
        labels: (N,) NumPy array of integers from 0 to 7; or (N, 1), as medmnist has them.

    Returns:
        A number from 0 to 100.
    """
    # BEGIN SOLUTION p4-accuracy
    return 100 * float(np.mean(predictions == np.ravel(labels)))
    # END SOLUTION


# %%
test_predictions = predict(model, test_inputs)
test_accuracy = accuracy(test_predictions, test_labels)
print(f"test accuracy: {test_accuracy:.2f} %")
save_results()

# %% check="p4-accuracy"


# %% [markdown]
# ### Confusion matrix
#
# Which classes are taken for which? Entry (i, j) of the confusion matrix counts the cells of true
# class i that the model takes for class j. Compute it with `sklearn.metrics.confusion_matrix`,
# and show it as a heat map: both axes with the names of the classes, and labelled so that one can
# tell the true class from the predicted one.


# %%
def make_confusion(labels, predictions):
    """Count how often each class is taken for each.

    Args:
        labels: (N,) true classes, integers from 0 to 7.
        predictions: (N,) predicted classes; a class may occur in neither of them.

    Returns:
        (8, 8) NumPy array of integers; rows are true classes, columns predicted ones.
    """
    # BEGIN SOLUTION p4-confusion
    return confusion_matrix(labels, predictions, labels=range(len(CLASSES)))
    # END SOLUTION


def show_confusion(confusion):
    """Show a confusion matrix as a heat map with class names on both axes, and axis labels.

    Args:
        confusion: (8, 8), as `make_confusion` returns it.
    """
    # BEGIN SOLUTION p4-confusion
    figure, panel = plt.subplots(figsize=(8, 7), layout="constrained")
    picture = panel.imshow(confusion, cmap="Blues")
    figure.colorbar(picture, label="number of images")
    panel.set_xticks(range(len(CLASSES)), CLASSES, rotation=45, ha="right")
    panel.set_yticks(range(len(CLASSES)), CLASSES)
    panel.set_xlabel("predicted class")
    panel.set_ylabel("true class")
    panel.set_title("Confusion matrix of the test images")
    for (row, column), count in np.ndenumerate(confusion):
        colour = "white" if count > confusion.max() / 2 else "black"
        panel.text(column, row, str(count), ha="center", va="center", color=colour)
    plt.show()
    # END SOLUTION


# %%
confusion = make_confusion(test_labels, test_predictions)
show_confusion(confusion)
save_results()

# %% check="p4-confusion"


# %% [markdown]
# ### The most confused pairs
#
# Which two mistakes are the most frequent? Take them from the matrix: its two largest entries off
# the diagonal.


# %%
def most_confused(confusion):
    """Find the two largest entries of a confusion matrix off its diagonal.

    Args:
        confusion: (8, 8) NumPy array; rows are true classes, columns predicted ones. It is left
            as it is.

    Returns:
        A list of two tuples (name of the true class, name of the predicted class, count), the
        more frequent mistake first.
    """
    # BEGIN SOLUTION p4-confused-pairs
    mistakes = confusion.copy()
    np.fill_diagonal(mistakes, -1)
    pairs = []
    for flat in np.argsort(mistakes, axis=None)[::-1][:2]:
        row, column = np.unravel_index(flat, mistakes.shape)
        pairs.append((CLASSES[row], CLASSES[column], int(mistakes[row, column])))
    return pairs
    # END SOLUTION


# %%
confused_pairs = most_confused(confusion)
for true_class, predicted_class, count in confused_pairs:
    print(f"{true_class} taken for {predicted_class}: {count} times")
save_results()

# %% check="p4-confused-pairs"


# %% [markdown]
# ### Precision and recall
#
# Two questions about a class: of the cells that the model calls so, how many are (*precision*)?
# And of the cells that are so, how many does the model find (*recall*)?
# `sklearn.metrics.classification_report` answers both for every class.


# %%
def make_report(labels, predictions):
    """Compute precision and recall of each class by sklearn's `classification_report`.

    Args:
        labels: (N,) true classes, integers from 0 to 7; every class occurs.
        predictions: (N,) predicted classes; a class that is never predicted has the precision 0.

    Returns:
        The report as a dict: class name -> {"precision": …, "recall": …, …}, from 0 to 1.
    """
    # BEGIN SOLUTION p4-report
    return classification_report(
        labels,
        predictions,
        labels=range(len(CLASSES)),
        target_names=CLASSES,
        output_dict=True,
        zero_division=0,
    )
    # END SOLUTION


# %%
report = make_report(test_labels, test_predictions)
print(f"{'':>22} precision  recall")
for name in CLASSES:
    print(f"{name:>22} {report[name]['precision']:9.3f} {report[name]['recall']:7.3f}")
save_results()

# %% check="p4-report"


# %% [markdown]
# ### The class of lowest recall
#
# Which class does the model miss most often, and what do the cells look like that it misses? Show
# five of them, each with what the model takes it for.


# %%
def lowest_recall(report):
    """Find the class of lowest recall.

    Args:
        report: class name -> {"recall": …, …}, as `make_report` returns it; there may be entries
            in it that are not classes, such as "macro avg".

    Returns:
        The name of the class.
    """
    # BEGIN SOLUTION p4-lowest-recall
    return min(CLASSES, key=lambda name: report[name]["recall"])
    # END SOLUTION


def show_misclassified(images, labels, predictions, name):
    """Show 5 images of a class that the model takes for another; all of them if there are fewer.

    The title of each image holds the name of the class that the model takes it for.

    Args:
        images: (N, 28, 28, 3) uint8.
        labels: (N,) true classes, integers from 0 to 7.
        predictions: (N,) predicted classes.
        name: the name of the class.
    """
    # BEGIN SOLUTION p4-lowest-recall
    is_missed = (labels == CLASSES.index(name)) & (predictions != labels)
    figure, axes = plt.subplots(1, 5, figsize=(12, 3), layout="constrained")
    for panel in axes:
        panel.axis("off")
    for panel, index in zip(axes, np.flatnonzero(is_missed)[:5], strict=False):
        panel.imshow(images[index])
        panel.set_title(f"taken for\n{CLASSES[predictions[index]]}", fontsize=9)
    figure.suptitle(f"Misclassified: {name}")
    plt.show()
    # END SOLUTION


# %%
lowest_recall_class = lowest_recall(report)
print(f"lowest recall: {lowest_recall_class}, {report[lowest_recall_class]['recall']:.3f}")
show_misclassified(blood.test_images, test_labels, test_predictions, lowest_recall_class)
save_results()

# %% check="p4-lowest-recall"

# %% [markdown]
# **Why does the model struggle with this class?** Look at the five images, at the row of the
# class in the confusion matrix and at what you know of the data. Two or three sentences.

# %% [markdown] answer="p4-lowest-recall-analysis"
# The class of lowest recall is the immature granulocyte, and most of the misses in its row of the
# confusion matrix go to neutrophils and monocytes: it is a stage of a development and no kind of
# its own, on its way to neutrophil, eosinophil or basophil, and it shares its size and its large,
# hardly lobed nucleus with the monocyte. What tells these cells apart, the outline of the nucleus
# and the texture of the cytoplasm, is fine detail that 28 × 28 pixels hardly show. And the MLP
# sees a vector without neighbourhoods: it cannot look for a notch in a nucleus wherever it lies
# and however it is turned, so it leans on colour and size, in which the classes overlap.


# %% [markdown]
# ## How sure the model is
#
# The softmax of the logits are probabilities; call the largest of them the model's *confidence*.
# A model is most useful if its confidence can be trusted. Sort the test images into four groups,
# here called quadrants:
#
# | | right | wrong |
# |---|---|---|
# | confidence > 0.9 | `"confident right"` | `"confident wrong"` |
# | confidence < 0.6 | `"unsure right"` | `"unsure wrong"` |
#
# Images in between belong to none of them.


# %%
def predict_probabilities(model, inputs):
    """Compute the probabilities that a model gives to the classes: the softmax of its logits.

    Works in evaluation mode and without gradients.

    Args:
        model: maps inputs to logits (N, 8).
        inputs: (N, 3, 28, 28) float32 tensor.

    Returns:
        (N, 8) NumPy array; every row adds up to 1.
    """
    # BEGIN SOLUTION p4-confidence
    model.eval()
    with torch.no_grad():
        return functional.softmax(model(inputs), dim=1).cpu().numpy()
    # END SOLUTION


def find_quadrants(probabilities, labels):
    """Sort images by confidence, above 0.9 or below 0.6, and by whether the model is right.

    Args:
        probabilities: (N, 8) NumPy array, as `predict_probabilities` returns it.
        labels: (N,) true classes, integers from 0 to 7.

    Returns:
        A dict with the keys "confident right", "confident wrong", "unsure right" and "unsure
        wrong"; each value holds the indices of the images in that quadrant, none if it is empty.
    """
    # BEGIN SOLUTION p4-confidence
    confidence = probabilities.max(axis=1)
    is_right = probabilities.argmax(axis=1) == labels
    return {
        "confident right": np.flatnonzero((confidence > 0.9) & is_right),
        "confident wrong": np.flatnonzero((confidence > 0.9) & ~is_right),
        "unsure right": np.flatnonzero((confidence < 0.6) & is_right),
        "unsure wrong": np.flatnonzero((confidence < 0.6) & ~is_right),
    }
    # END SOLUTION


def show_quadrants(images, labels, probabilities, quadrants):
    """Show two images of each quadrant, or the one that there is, in one figure.

    The title of each image holds the true class, the predicted class and the confidence. An
    empty quadrant has a text in the figure that says that it is empty.

    Args:
        images: (N, 28, 28, 3) uint8.
        labels: (N,) true classes, integers from 0 to 7.
        probabilities: (N, 8), as `predict_probabilities` returns it.
        quadrants: as `find_quadrants` returns it.
    """
    # BEGIN SOLUTION p4-confidence
    figure, axes = plt.subplots(4, 2, figsize=(7, 13), layout="constrained")
    for row, (name, indices) in zip(axes, quadrants.items(), strict=True):
        for panel in row:
            panel.axis("off")
        if len(indices) == 0:
            row[0].text(0.5, 0.5, f"{name}: empty", ha="center", va="center")
        for panel, index in zip(row, indices[:2], strict=False):
            predicted = CLASSES[probabilities[index].argmax()]
            panel.imshow(images[index])
            panel.set_title(
                f"{name}\ntrue: {CLASSES[labels[index]]}\n"
                f"predicted: {predicted} ({probabilities[index].max():.2f})",
                fontsize=9,
            )
    figure.suptitle("Examples by confidence")
    plt.show()
    # END SOLUTION


# %%
test_probabilities = predict_probabilities(model, test_inputs)
quadrants = find_quadrants(test_probabilities, test_labels)
quadrant_sizes = {name: len(indices) for name, indices in quadrants.items()}
print(quadrant_sizes)
show_quadrants(blood.test_images, test_labels, test_probabilities, quadrants)
save_results()

# %% check="p4-confidence"

# %% [markdown]
# **What sets the confident mistakes apart, and why is the model overconfident?** Compare the
# images of the quadrants, and look at the loss curves again. Three or four sentences.

# %% [markdown] answer="p4-confidence-analysis"
# Confident mistakes look typical of the wrong class: colour, size and nucleus are those of the
# predicted class, and they are mistakes between the neighbours that the confusion matrix names,
# while unsure cells stand between two classes or are untypical of both. The model is overconfident
# because cross-entropy keeps rewarding larger logits: once a training image is right, its loss
# falls further only if its probability goes towards 1, and with 636,296 parameters for 11,959
# images that can be had for nearly all of them. So the training loss goes on sinking when the
# validation loss has stopped, and that gap is confidence which new images do not bear out. Nothing
# in the training tells the model what it does not know: the labels are all or nothing, and softmax
# has to share out the whole probability among eight classes, whatever the image shows.


# %% [markdown]
# ## Before you hand in
#
# Set `EPOCHS` to 30, restart the kernel and run all cells, from the top and in order. The numbers
# that this run saves and the weights it saves them with belong together then, and the check cells
# tell you so.
