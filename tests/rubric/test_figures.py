"""Checks of figures say what is missing, and believe nothing that has not the form of a figure."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, StudentError
from autograder.rubric.failures import CellFailure
from autograder.rubric.figures import Figures
from autograder.rubric.words import count_words, join_words, says


def axes(title="", xlabel="", ylabel="", **parts):
    """Axes as plain data."""
    empty = ("legend", "xticklabels", "yticklabels", "lines", "bars", "images", "points", "texts")
    data = {name: [] for name in empty} | parts
    return {"title": title, "xlabel": xlabel, "ylabel": ylabel, **data}


def line(label="", values=(1.0, 2.0)):
    y = np.array(values)
    return {"label": label, "x": np.arange(len(y), dtype=float), "y": y}


def bars(heights, names=()):
    heights = np.array(heights, float)
    positions = np.arange(len(heights), dtype=float)
    return {"label": "", "heights": heights, "positions": positions, "names": list(names)}


def image(*shape):
    return {"values": np.zeros(shape), "colour": len(shape) == 3}


def figures(*groups, failures=()):
    """Figures of some axes each."""
    shown = [{"cell": 1, "title": "", "axes": list(group)} for group in groups]
    return Figures(shown, "analysis", lambda: list(failures))


PLACES = " in the title, the axis labels or the legend"
LOSS = axes("Loss", "epoch", "nats", lines=[line("train"), line("validation")])
ACCURACY = axes("", "epoch", "val_acc", lines=[line("training"), line("val")])


def test_figures_are_found_by_their_words():
    found = figures([LOSS], [ACCURACY])
    assert found.about("accuracy").data["ylabel"] == "val_acc"
    assert found.about("loss", "epoch", having="lines").data["title"] == "Loss"


def test_a_title_counts_for_more_than_a_legend_and_newer_for_more_than_older():
    other = axes("Something", lines=[line("loss")])
    newer = axes("Training loss", lines=[line("a")])
    assert figures([LOSS], [newer], [other]).about("loss").data["title"] == "Training loss"


def test_the_words_of_a_whole_figure_count_last():
    shown = [{"cell": 1, "title": "Loss and accuracy", "axes": [axes(), axes("accuracy")]}]
    assert Figures(shown, "analysis").about("accuracy").data["title"] == "accuracy"


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ([], "the accuracy figure is missing: analysis shows no figure"),
        (
            [[LOSS]],
            "the accuracy figure is missing: the one figure does not say accuracy" + PLACES,
        ),
        (
            [[LOSS], [axes()]],
            "the accuracy figure is missing: none of the two figures says accuracy" + PLACES,
        ),
        ([[axes("accuracy")]], "the accuracy figure has no lines"),
    ],
)
def test_what_is_missing_is_said(shown, words):
    with pytest.raises(CheckFailed) as caught:
        figures(*shown).about("accuracy", having="lines")
    assert str(caught.value) == words


def test_lines_are_told_by_their_names():
    train, validation = figures([ACCURACY]).about("accuracy").lines("train", "validation")
    assert (train.label, validation.label) == ("training", "val")
    assert train.y.tolist() == [1, 2]


def test_the_last_of_two_lines_is_told_by_what_is_left():
    found = figures([axes("accuracy", lines=[line("accuracy"), line("val accuracy")])])
    train, validation = found.about("accuracy").lines("train", "validation")
    assert (train.label, validation.label) == ("accuracy", "val accuracy")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "has no lines, expected two: train and validation"),
        ([line("train")], "has one line, expected two: train and validation"),
        ([line(), line()], "does not say which line is which, expected a legend: train and val"),
        (
            [line("loss"), line("error")],
            "has no line for train, its legend says 'loss' and 'error'",
        ),
    ],
)
def test_lines_that_are_missing(lines, words):
    with pytest.raises(CheckFailed) as caught:
        figures([axes("accuracy", lines=lines)]).about("accuracy").lines("train", "validation")
    assert str(caught.value).startswith(f"the accuracy figure {words}")


def test_points_of_a_line_are_counted():
    [train] = figures([LOSS]).about("loss").lines("train")
    train.has_points(2)
    with pytest.raises(CheckFailed) as caught:
        train.has_points(30, each="epoch")
    words = "the train line of the loss figure has two points, expected 30, one for each epoch"
    assert str(caught.value) == words


def test_labels_of_the_axes():
    found = figures([LOSS]).about("loss")
    found.labelled(x="epoch")
    found.titled()
    with pytest.raises(CheckFailed, match=r"the label 'nats' on its y axis, expected accuracy$"):
        found.labelled(y="accuracy")
    bare = figures([axes(lines=[line("loss")])]).about("loss")
    with pytest.raises(CheckFailed, match=r"has no label on its x axis, expected epoch$"):
        bare.labelled(x="epoch")
    with pytest.raises(CheckFailed, match="has no title"):
        bare.titled()
    with pytest.raises(CheckFailed, match="has no lines, expected one"):
        figures([axes("loss")]).about("loss").any_lines()
    assert len(found.any_lines(2)) == 2


def test_bars_are_counted():
    chart = figures([axes("classes", bars=[bars([3, 4], ["cat", "dog"])])]).about("class")
    heights, names = chart.bars(2, each="class")
    assert heights.tolist() == [3, 4] and names == ["cat", "dog"]
    with pytest.raises(CheckFailed, match=r"has two bars, expected 8, one for each class$"):
        chart.bars(8, each="class")
    single = figures([axes("classes", bars=[bars([3]), bars([4])])]).about("class")
    assert single.bars(2)[0].tolist() == [3, 4]
    both = figures([axes("classes", bars=[bars([3, 4]), bars([5, 6])])]).about("class")
    assert both.bars(2)[0].tolist() == [3, 4]


def test_heat_maps_and_grids():
    found = figures([axes(images=[image(3, 3)])], [axes(images=[image(4, 4, 3)])] * 2)
    assert found.heat_map((3, 3), "the confusion matrix").image().shape == (3, 3)
    assert len(found.grid(2, "the grid of images")) == 2
    with pytest.raises(CheckFailed, match="no figure shows a heat map of 8 × 8 fields"):
        found.heat_map((8, 8), "the confusion matrix")
    with pytest.raises(CheckFailed, match=r"^the grid has two images, expected 16$"):
        found.grid(16, "the grid")
    with pytest.raises(CheckFailed, match="no figure has 16 images"):
        figures().grid(16, "the grid")
    with pytest.raises(CheckFailed, match="shows no image"):
        figures([LOSS]).about("loss").image()


def test_a_grid_may_be_in_several_figures_of_one_cell():
    shown = [
        {"cell": cell, "title": "", "axes": [axes(images=[image(4, 4, 3)])]}
        for cell in (1, 1, 2, 2, 2)
    ]
    found = Figures(shown, "analysis")
    assert len(found.grid(3, "the grid")) == 3
    assert len(found.grid(2, "the grid")) == 2
    for count in (4, 5):  # a part of one cell, and the rest of another
        with pytest.raises(CheckFailed, match="the grid has one image"):
            found.grid(count, "the grid")


def failure(kind, text, above=""):
    return CellFailure(5, text, above, StudentError(kind, "words", (), "cell 5"))


def test_a_figure_is_missing_for_the_reason_of_its_cell():
    stub = failure("NotImplementedError", "raise ...", above="Plot the accuracy of each epoch.")
    with pytest.raises(StudentError) as caught:
        figures([LOSS], failures=[stub]).about("accuracy")
    assert caught.value.not_attempted
    broken = failure("ValueError", "plt.plot(x)\nplt.title('accuracy')")
    with pytest.raises(
        StudentError,
        match=r"^your code raised .*\nBecause of this, the accuracy figure is missing\.",
    ):
        figures([LOSS], failures=[broken]).about("accuracy")
    other = failure("ValueError", "accuracy = 1 / 0")
    with pytest.raises(CheckFailed):
        figures([LOSS], failures=[other]).about("accuracy")


def test_without_any_figure_stubs_are_not_attempted():
    stub = failure("NotImplementedError", "raise ...")
    with pytest.raises(StudentError):
        figures(failures=[stub]).refuse_stubs("the figures")
    figures(failures=[failure("ValueError", "x")]).refuse_stubs("the figures")


@pytest.mark.parametrize(
    "sent",
    [
        None, 3, "figures", {}, [None], [[]], [{}], [{"cell": "1"}], [{"cell": True, "axes": []}],
    ],
)  # fmt: skip
def test_what_is_no_figure_is_left_out(sent):
    assert Figures(sent, "analysis") == []


def test_parts_that_have_another_form_are_left_out():
    odd = axes(
        title=3,
        lines=[line("a"), {"label": "b"}, {**line("c"), "y": np.zeros((2, 2))}, 3, line(7)],
        bars=[{"heights": np.zeros(2), "positions": np.zeros(3)}, bars([1])],
        images=[image(2), image(2, 2), {"values": [[1]]}, {"values": np.array(["x"])}],
        points=[{**line(), "x": np.zeros(9)}],
        legend=["a", 3, None],
        texts="abc",
    ) | {"extra": object()}
    [figure] = Figures([{"cell": 1, "title": None, "axes": [odd, 3], "more": 1}], "analysis")
    [found] = figure["axes"]
    assert found["title"] == "" and found["legend"] == ["a", "", ""] and found["texts"] == []
    assert [part["label"] for part in found["lines"]] == ["a", ""]
    assert (len(found["bars"]), len(found["images"]), len(found["points"])) == (1, 1, 0)
    assert "extra" not in found and set(figure) == {"cell", "title", "axes"}


def test_words():
    assert says("Train_Acc (%)", "accuracy") and says("cross-entropy", "loss")
    assert not says("trainer", "train") and says("He init", "he")
    assert says("small-random", "small random")
    assert [count_words(*x) for x in [(1, "line"), (0, "bar"), (13, "image"), (2,)]] == [
        "one line", "no bars", "13 images", "two",
    ]  # fmt: skip
    assert [join_words(x) for x in [[], ["a"], ["a", "b"], ["a", "b", "c"]]] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip
