"""Public checks of Problem 5, part B: what the notebook measured, and its figure."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, StudentError, check
from autograder.rubric.words import says

METHODS = ("zero", "small_random", "xavier", "he")
# What a legend may call them.
NAMES = {
    "zero": ("zero", "zeros"),
    "small_random": ("small", "random"),
    "xavier": ("xavier", "glorot"),
    "he": ("he", "kaiming"),
}


def four_methods(value, what):
    """Require a dictionary with one entry for each method, and return it."""
    check(isinstance(value, dict), f"{what} as a dictionary").is_true(
        hint="{method: ...} for each of METHODS"
    )
    missing = [method for method in METHODS if method not in value]
    check(missing, f"the list of methods that are missing in {what}").equals([])
    return value


def numbers_of(value, what, length):
    """Require {"mean": [...], "std": [...]} of so many numbers each, and return both as arrays."""
    found = sorted(value) if isinstance(value, dict) else value
    check(found, f"the keys of {what}").equals(["mean", "std"])
    lists = {}
    for name in ("mean", "std"):
        array = np.asarray(value[name], dtype=float)
        check(array.shape, f'the shape of {what}["{name}"], one number a hidden layer,').equals(
            (length,)
        )
        lists[name] = array
    return lists


def hidden_of(layers, images):
    """Mean and std of the five hidden layers of a tanh network: {"mean": array, "std": array}."""
    mean, std = [], []
    for W, b in layers[:-1]:
        images = np.tanh(images @ W + b)
        mean.append(images.mean(dtype=float))
        std.append(images.std(dtype=float))
    return {"mean": np.array(mean), "std": np.array(std)}


def fresh_statistics(student, method, draws=4):
    """The statistics of some fresh tanh networks of the student's, computed by numpy.

    Returns:
        (centre, spread), each {"mean": array, "std": array}: average and range over the draws.
    """
    networks, problem = student.support.networks, student.problem_5
    images = networks.plain(problem.batch)
    found = [
        hidden_of(networks.layers_of(student.hold(problem.build_network, method, "tanh")), images)
        for _ in range(draws)
    ]
    lists = {name: [each[name] for each in found] for name in ("mean", "std")}
    centre = {name: np.mean(values, axis=0) for name, values in lists.items()}
    return centre, {name: np.ptp(values, axis=0) for name, values in lists.items()}


def trained_statistics(student, method):
    """The statistics of the student's trained network; NaN where there is none."""
    networks, problem = student.support.networks, student.problem_5
    try:
        network = networks.entries(problem.tanh_networks)[method]
        return hidden_of(networks.layers_of(network), networks.plain(problem.batch))
    except (StudentError, LookupError):
        return {"mean": np.full(5, np.nan), "std": np.full(5, np.nan)}


@pytest.mark.item("p5-tanh-statistics", counts_with="test_network_is_initialised")
def test_tanh_statistics(student):
    """tanh_statistics holds the statistics of a fresh tanh network for each method."""
    value = student.support.networks.plain(student.problem_5.tanh_statistics)
    for method in METHODS:
        entry = four_methods(value, "tanh_statistics")[method]
        what = f'tanh_statistics["{method}"]'
        got = numbers_of(entry, what, 5)
        fresh, spread = fresh_statistics(student, method)
        after = trained_statistics(student, method)
        # What begins with zeros hardly changes, so it shows nothing.
        if method != "zero" and np.allclose(got["std"], after["std"], rtol=1e-4):
            raise CheckFailed(
                what,
                "belongs to the trained network, expected a fresh one",
                "measure before training",
            )
        # From one draw of the weights to the next a std moves by a few per cent, and a mean over
        # the 256 units of a layer by about a sixteenth of the std; or else by what is seen here.
        tolerances = {"std": (0.2, 1e-6), "mean": (0.0, 0.4 * float(fresh["std"].max()) + 1e-6)}
        for name, (rtol, atol) in tolerances.items():
            check(got[name], f'{what}["{name}"]').close(
                fresh[name],
                rtol=rtol,
                atol=atol + 2 * float(spread[name].max()),
                hints={
                    "mean and std are exchanged": fresh["std" if name == "mean" else "mean"],
                },
            )


def carries(line, values):
    """Whether a line has these numbers as its heights."""
    heights = np.asarray(line["y"], dtype=float).ravel()
    return heights.shape == values.shape and np.allclose(heights, values, rtol=1e-4, atol=1e-9)


def lines_of(axes, statistics, name):
    """The line of each method in a subplot: {method: line}, without those that are not there."""
    found = {}
    for method, numbers in statistics.items():
        values = np.asarray(numbers[name], dtype=float)
        matching = [line for line in axes["lines"] if carries(line, values)]
        if matching:
            found[method] = matching[0]
    return found


def planted_statistics(rng):
    """Statistics of which no number comes twice: {method: {"mean": [...], "std": [...]}}."""
    return {
        method: {name: rng.uniform(0.1, 0.9, size=5).tolist() for name in ("mean", "std")}
        for method in METHODS
    }


def subplots_of(figures, statistics):
    """The subplots with most lines of means and of stds: {"mean": axes, "std": axes}.

    They may be in one figure or in several.
    """
    every = [axes for figure in figures for axes in figure["axes"]]
    subplots = {}
    for name in ("mean", "std"):
        counts = [len(lines_of(axes, statistics, name)) for axes in every]
        if any(counts):
            subplots[name] = every[int(np.argmax(counts))]
    return subplots


@pytest.mark.item("p5-tanh-statistics")
def test_subplots(student, rng):
    """plot_statistics draws two subplots, mean and std against depth, a line for each method."""
    statistics = planted_statistics(rng)
    figures = student.drawn(student.problem_5.plot_statistics, statistics, "a title")
    subplots = subplots_of(figures, statistics)
    for name in ("mean", "std"):
        what = f"that plot_statistics draws the {name} against depth"
        check(name in subplots, what).is_true(
            hint=f"the {name} is not drawn: one figure with two subplots, mean and std"
        )
    for name, axes in subplots.items():
        lines = lines_of(axes, statistics, name)
        missing = [method for method in METHODS if method not in lines]
        check(missing, f"the list of methods without a line in the subplot of the {name}").equals(
            []
        )
        for line in lines.values():
            steps = np.diff(np.asarray(line["x"], dtype=float))
            check(bool((steps > 0).all()), f"that the x axis of the {name} is the depth").is_true()
    check(subplots["mean"] is subplots["std"], "that mean and std share one subplot").equals(
        False, hints={"expected two subplots: one for the mean, one for the std": True}
    )


@pytest.mark.item("p5-tanh-statistics")
def test_labels(student, rng):
    """The figure of plot_statistics names the methods in a legend, and says what is shown where."""
    statistics = planted_statistics(rng)
    figures = student.drawn(student.problem_5.plot_statistics, statistics, "a title")
    subplots = subplots_of(figures, statistics)
    check(bool(subplots), "that plot_statistics draws the statistics as lines").is_true()
    every = [axes for figure in figures for axes in figure["axes"]]
    legend = " / ".join(text for axes in every for text in axes["legend"])
    check(bool(legend), "that the figure has a legend").is_true(
        hint="label=method for each line, and axes.legend()"
    )
    missing = [method for method in METHODS if not names(legend, method)]
    check(missing, f"the list of methods that the legend ({legend}) does not name").equals([])
    for name, axes in subplots.items():
        for method, line in lines_of(axes, statistics, name).items():
            what = f"that the {name} of {method} is called so: its label is {line['label']!r}"
            check(not line["label"] or names(line["label"], method), what).is_true(
                hint="a line has the name of another method"
            )
        words = f"{axes['title']} {axes['ylabel']}"
        check(says(words, name), f"that title or y axis says {name}: {words!r}").is_true()
        check(bool(axes["xlabel"]), f"that the x axis of the {name} has a label").is_true(
            hint="it counts the hidden layers"
        )


def names(text, method):
    """Whether a text calls a method by one of its names."""
    return any(says(text, name) for name in NAMES[method])


@pytest.mark.item("p5-tanh-statistics", counts_with="test_network_is_initialised")
def test_tanh_figure(student):
    """The notebook shows the figure of tanh_statistics."""
    value = student.support.networks.plain(student.problem_5.tanh_statistics)
    statistics = four_methods(value, "tanh_statistics")
    # What begins with zeros looks alike, whatever the activation: the others tell.
    good = {method: statistics[method] for method in ("xavier", "he")}
    shown = any(
        lines_of(axes, good, name)
        for figure in student.figures("problem_5")
        for axes in figure["axes"]
        for name in ("mean", "std")
    )
    check(shown, "that a figure of the notebook shows tanh_statistics").is_true(
        hint="call plot_statistics with them"
    )
