"""Public checks of Problem 5, part C: what the notebook found, its loss curves and its claims."""

import numpy as np
import pytest

from autograder.rubric import check
from autograder.rubric.words import says

# What a legend may call the methods.
NAMES = {
    "zero": ("zero", "zeros"),
    "small_random": ("small", "random"),
    "xavier": ("xavier", "glorot"),
    "he": ("he", "kaiming"),
}


def results_of(student, name):
    """The results of the four methods, {"losses", "accuracy"} of each."""
    value = student.support.networks.plain(getattr(student.problem_5, name))
    methods = sorted(value) if isinstance(value, dict) else value
    check(methods, f"the keys of {name}").equals(["he", "small_random", "xavier", "zero"])
    for method, entry in value.items():
        keys = {"losses", "accuracy"} - set(entry if isinstance(entry, dict) else ())
        check(sorted(keys), f'what is missing in {name}["{method}"]').equals([])
    return value


ACTIVATIONS = (np.tanh, lambda z: np.maximum(z, 0), lambda z: 1 / (1 + np.exp(-z)), lambda z: z)


def accuracy_of(layers, images, labels, activation):
    """The accuracy of a network in per cent."""
    with np.errstate(all="ignore"):  # a training may have diverged
        for W, b in layers[:-1]:
            images = activation(images @ W + b)
        W, b = layers[-1]
        return np.count_nonzero((images @ W + b).argmax(axis=1) == labels) * 100 / len(labels)


def network_for(student, name, method):
    """The trained network of a method."""
    trained = student.support.networks.entries(getattr(student.problem_5, name))
    check(method in trained, f'that {name} has a network for "{method}"').is_true()
    return trained[method]


@pytest.mark.item("p5-dynamics", counts_with="test_train_follows_the_gradient")
def test_tanh_losses(student):
    """tanh_results holds a loss for each of EPOCHS epochs, for all four methods."""
    epochs = student.problem_5.EPOCHS
    for method, entry in results_of(student, "tanh_results").items():
        what = f'tanh_results["{method}"]["losses"]'
        losses = np.asarray(entry["losses"], dtype=float)
        check(losses.shape, f"the shape of {what}, where EPOCHS is {epochs},").equals(
            (epochs,),
            hints={
                "there was one epoch only: train for EPOCHS": (1,),
                "10 was written where EPOCHS belongs": (10,),
            },
        )


@pytest.mark.item("p5-dynamics", counts_with="test_train_follows_the_gradient")
def test_tanh_accuracy(student):
    """tanh_results holds the test accuracy of the trained networks in per cent."""
    networks, problem = student.support.networks, student.problem_5
    sets = {
        "test": (networks.plain(problem.test_images), networks.plain(problem.test_labels)),
        "train": (networks.plain(problem.train_images), networks.plain(problem.train_labels)),
    }
    for method, entry in results_of(student, "tanh_results").items():
        layers = networks.layers_of(network_for(student, "tanh_networks", method))
        # Whether measure_accuracy counts in per cent is asked in test_unit_of_accuracy.
        stated = check(entry["accuracy"], f'tanh_results["{method}"]["accuracy"]')
        got = stated.number(per_cent=True).value()
        # What is between the layers is checked in part B.
        found = [
            {name: accuracy_of(layers, *both, activation) for name, both in sets.items()}
            for activation in ACTIVATIONS
        ]
        right = min(found, key=lambda each: abs(each["test"] - got))
        check(got, f'tanh_results["{method}"]["accuracy"]').close(
            right["test"],
            rtol=0,
            # It may have been rounded, and float32 may tell an image otherwise here than there.
            atol=0.006 + 100 / len(sets["test"][0]),
            hints={
                "this is the accuracy on the training images": right["train"],
                "this is the share of wrong answers": 100 - right["test"],
            },
            carried={"this is the share of wrong answers": 100 - right["test"]},
        )


def curves_of(axes, results):
    """The loss curve of each method in one pair of axes: {method: line}."""
    found = {}
    for method, entry in results.items():
        losses = np.asarray(entry["losses"], dtype=float)
        for line in axes["lines"]:
            y = np.asarray(line["y"], dtype=float).ravel()
            if y.shape == losses.shape and np.allclose(y, losses, rtol=1e-6, equal_nan=True):
                found.setdefault(method, line)
    return found


@pytest.mark.item("p5-dynamics")
def test_loss_curves(student, rng):
    """plot_losses draws the loss curves of all four methods in one figure."""
    axes, found = drawn_curves(student, rng)
    missing = [method for method in NAMES if method not in found]
    check(missing, "the list of methods without a curve in the figure of plot_losses").equals(
        [], hint="one figure for all four: each has one of its own" if len(found) == 1 else ""
    )
    for method, line in found.items():
        steps = np.diff(np.asarray(line["x"], dtype=float))
        check(bool((steps > 0).all()), f"that the x axis of {method} counts epochs").is_true()
    for side in ("xlabel", "ylabel"):
        check(bool(axes[side].strip()), f"that the figure of plot_losses has an {side}").is_true(
            hint="x is the epoch, y is the training loss"
        )


@pytest.mark.item("p5-dynamics")
def test_legend_of_loss_curves(student, rng):
    """The figure of plot_losses has a legend that names the methods."""
    axes, found = drawn_curves(student, rng)
    legend = " / ".join(axes["legend"])
    check(bool(legend), "that the figure of plot_losses has a legend").is_true(
        hint="label=method for each curve, and plt.legend()"
    )
    for method, line in found.items():
        label = line["label"] or legend
        what = f"that the curve of {method} is called so: its label is {label!r}"
        check(any(says(label, name) for name in NAMES[method]), what).is_true(
            hint="a curve has the name of another method"
        )


def drawn_curves(student, rng):
    """The axes with most of four planted loss curves, and the curves: (axes, {method: line})."""
    results = {
        method: {"losses": rng.uniform(0.1, 2, size=6).tolist(), "accuracy": 90.0}
        for method in NAMES
    }
    figures = student.drawn(student.problem_5.plot_losses, results, "a title")
    charts = [axes for figure in figures for axes in figure["axes"]]
    best = max(charts, key=lambda axes: len(curves_of(axes, results)), default=None)
    found = curves_of(best, results) if best else {}
    check(bool(found), "that plot_losses draws losses as lines").is_true()
    return best, found


@pytest.mark.item("p5-dynamics", counts_with="test_train_follows_the_gradient")
def test_tanh_figure(student):
    """The notebook shows the loss curves of tanh_results."""
    results = results_of(student, "tanh_results")
    good = {method: results[method] for method in ("xavier", "he")}
    shown = any(
        curves_of(axes, good) for figure in student.figures("problem_5") for axes in figure["axes"]
    )
    check(shown, "that a figure of the notebook shows the losses of tanh_results").is_true(
        hint="call plot_losses with them"
    )
