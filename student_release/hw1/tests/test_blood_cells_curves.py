"""Public checks of Problem 4: the learning curves."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed
from autograder.rubric.rerun import left_by_run


def shows(line, values):
    """Whether a line goes through these values; per cent may be drawn as fractions."""
    y = np.asarray(line["y"], dtype=float)
    values = np.asarray(values, dtype=float)
    if y.shape != values.shape:
        return False
    return any(np.allclose(y, scale * values, rtol=1e-4, atol=1e-8) for scale in (1, 0.01))


def plot_of(figures, values, what):
    """The axes that have lines for training and for validation, and these lines."""
    axes_of = [axes for figure in figures for axes in figure["axes"]]
    best, present = None, set()
    for axes in axes_of:
        lines = {
            part: next((line for line in axes["lines"] if shows(line, values[part])), None)
            for part in ("train", "validation")
        }
        found = {part for part, line in lines.items() if line is not None}
        present |= found
        if len(found) == 2:
            best = (axes, lines)
    if best is not None:
        return best
    if present == {"train", "validation"}:
        hint = "train and validation belong in one plot, to be compared, not in two"
        raise CheckFailed(f"the plot of the {what}", "is two plots of one line each", hint)
    if present:
        [only] = present
        (missing,) = {"train", "validation"} - present
        problem = f"has one line, that of {only}; expected two: train and validation"
        hint = f"the line of {missing} is missing, or does not show history['{missing}_{what}']"
        raise CheckFailed(f"the plot of the {what}", problem, hint)
    raise CheckFailed(
        f"the plot of the {what}",
        "is missing: none of the figures has a line through these values "
        f"({len(axes_of)} plots were found)",
    )


def says_part(text, part):
    """Whether a legend's words name a line."""
    words = text.lower()
    return ("train" in words) if part == "train" else ("val" in words)


def check_plot(figures, history, what):
    """Require a plot of loss or accuracy with two lines, labels and a legend."""
    values = {part: history[f"{part}_{what}"] for part in ("train", "validation")}
    axes, lines = plot_of(figures, values, what)
    name = f"the plot of the {what}"
    for part, line in lines.items():
        steps = np.diff(np.asarray(line["x"], dtype=float))
        if len(steps) and not (np.allclose(steps, 1) and line["x"][0] in (0, 1)):
            problem = f"draws {part} against {np.asarray(line['x'])[:4].tolist()} ..."
            raise CheckFailed(name, problem, "the x axis is the epoch: 1, 2, 3 ...")
        if not axes["legend"]:
            raise CheckFailed(name, "has no legend", "label=... for each line, and legend()")
        if not says_part(line["label"], part):
            problem = f"calls the line of {part} {line['label']!r} in its legend"
            raise CheckFailed(name, problem, "the labels are the wrong way round, or missing")
    if "epoch" not in axes["xlabel"].lower():
        raise CheckFailed(name, f"has the x label {axes['xlabel']!r}", "expected: epoch")
    if not axes["ylabel"].strip():
        raise CheckFailed(name, "has no label on its y axis", f"expected: {what}")
    words = f"{axes['ylabel']} {axes['title']}".lower()
    known = {"loss": ("loss", "entropy", "nats"), "accuracy": ("acc", "%", "per cent", "percent")}
    if not any(word in words for word in known[what]):
        problem = f"has the y label {axes['ylabel']!r} and the title {axes['title']!r}"
        raise CheckFailed(name, problem, f"say that it shows the {what}")


def random_history(rng, epochs):
    """Losses and accuracies of a training that never was."""
    falling = np.linspace(2, 0.5, epochs)
    return {
        "train_loss": (falling + rng.uniform(0, 0.2, epochs)).tolist(),
        "validation_loss": (falling + rng.uniform(0.3, 0.5, epochs)).tolist(),
        "train_accuracy": (95 - 30 * falling + rng.uniform(0, 3, epochs)).tolist(),
        "validation_accuracy": (90 - 30 * falling + rng.uniform(-3, 0, epochs)).tolist(),
    }


def is_history(history):
    """Whether the run has left four lists of numbers; if not, another item charges it."""
    if not isinstance(history, dict):
        return False
    parts = [f"{part}_{what}" for part in ("train", "validation") for what in ("loss", "accuracy")]
    values = [history.get(name) for name in parts]
    return all(isinstance(one, list | np.ndarray) and np.ndim(one) == 1 for one in values)


@pytest.mark.item("p4-curves")
@pytest.mark.parametrize("what", ["loss", "accuracy"])
def test_plot(student, rng, what):
    """Train and validation curves are in one plot, against the epoch, with labels."""
    history = random_history(rng, int(rng.integers(5, 12)))
    figures = student.drawn(student.problem_4.plot_history, history)
    check_plot(figures, history, what)


@pytest.mark.item("p4-curves", counts_with="test_plot")
def test_the_notebook_has_the_plots(student, rng):
    """The notebook's own run draws both plots of its history."""
    student.drawn(student.problem_4.plot_history, random_history(rng, 3))
    history = left_by_run(student.problem_4, "history", own=False)
    history = student.support.blood_cells.plain(history)
    if is_history(history):
        for what in ("loss", "accuracy"):
            check_plot(student.figures("problem_4"), history, what)
