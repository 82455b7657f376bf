"""Checks of the step, and of what a run has left."""

import numpy as np
import pytest

from autograder.rubric import check

STEPS = 20


@pytest.mark.item("f1-step")
def test_one_step(student, rng):
    """step(w, rate) goes down the gradient of loss(w) = sum of w squared."""
    w = rng.normal(size=3)
    check(student.losses.loss(w), "loss(w)").close(np.sum(w**2))
    hints = {"up": 1.2 * w}
    check(student.descent.step(w, 0.1), "step(w, 0.1)").close(0.8 * w, hints=hints)


@pytest.mark.item("f1-log")
def test_the_log_has_each_step_and_falls(student):
    """logs/train.csv has a line for each of 20 steps, and its loss falls."""
    log = student.file("logs/train.csv").csv()
    check(log["step"], "the column step of logs/train.csv").close(np.arange(STEPS))
    loss = np.asarray(log["loss"])
    check(float(np.diff(loss).max()), "the largest change of the loss").below(0)


@pytest.mark.item("f1-log")
def test_the_settings_are_those_of_the_log(student):
    """logs/run.json names the rate with which the losses of logs/train.csv follow each other."""
    rate = student.file("logs/run.json").json()["rate"]
    loss = np.asarray(student.file("logs/train.csv").csv()["loss"])
    ratio = (1 - 2 * rate) ** 2
    check(loss[1:], "the losses after the first").close(ratio * loss[:-1], rtol=1e-6)


@pytest.mark.item("f1-curves")
def test_the_curves_are_those_of_the_log(student):
    """The series `loss` in runs/ has the numbers of logs/train.csv."""
    curves = student.events("runs")
    loss = np.asarray(student.file("logs/train.csv").csv()["loss"])
    check(curves["loss"].steps.tolist(), "the steps of `loss` in runs/").equals([*range(STEPS)])
    check(curves["loss"].values, "the values of `loss` in runs/").close(loss, rtol=1e-5)
