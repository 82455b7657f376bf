"""Public checks of Problem 4: the data in numbers and pictures."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.pictures import has_words, index_of
from autograder.rubric.rerun import left_by_run

CLASSES = (
    "basophil eosinophil erythroblast immature_granulocyte lymphocyte monocyte neutrophil platelet"
).split()
GRID = "the grid of 16 images"
CHART = "the bar chart of the class distribution"


def coloured(rng, count):
    """Images of one colour each, no two alike."""
    colours = rng.choice(16**3, size=count, replace=False)
    tones = np.stack([colours // 256, colours // 16 % 16, colours % 16], axis=1) * 16
    return np.broadcast_to(tones[:, None, None, :], (count, 28, 28, 3)).astype(np.uint8)


def panels_of(figures):
    """The axes with images of that cell, or call, whose figures show most of them."""
    cells = {}
    for figure in figures:
        cells.setdefault(figure["cell"], []).extend(
            axes for axes in figure["axes"] if any(image["colour"] for image in axes["images"])
        )
    return max(cells.values(), key=len, default=[])


def check_grid(panels, images, labels):
    """Require 16 images, 2 of each class, each under the name of its class."""
    check(len(panels), f"the number of images in {GRID}").equals(16)
    shown = [index_of(panel["images"][0]["values"], images) for panel in panels]
    if -1 in shown:
        problem = f"shows something else than a training image in place {shown.index(-1) + 1}"
        hint = "show the images as they are in the data set, before to_inputs"
        raise CheckFailed(GRID, problem, hint)
    check(len(set(shown)), f"the number of different images in {GRID}").equals(16)
    for place, (panel, index) in enumerate(zip(panels, shown, strict=True), 1):
        name = CLASSES[labels[index]]
        if not has_words(panel["title"], name):
            problem = f"has the title {panel['title']!r}, expected {name.replace('_', ' ')!r}"
            hint = "the title is the class of the image below it"
            raise CheckFailed(f"image {place} of {GRID}", problem, hint if panel["title"] else "")
    counts = np.bincount(labels[shown], minlength=8).tolist()
    check(counts, f"the number of images of each class in {GRID}").equals([2] * 8)


def find_chart(figures, counts):
    """The axes that have a bar for each class, and the bars; those of these counts if there are."""
    charts = []
    for figure in figures:
        for axes in figure["axes"]:
            # Each bar may have been drawn by a call of its own.
            groups = [np.asarray(bars["heights"], dtype=float) for bars in axes["bars"]]
            charts += [(axes, heights) for heights in groups if len(heights) == 8]
            if [len(heights) for heights in groups] == [1] * 8:
                charts.append((axes, np.concatenate(groups)))
    if not charts:
        raise CheckFailed(CHART, "is missing: no figure has 8 bars, one for each class")
    forms = (counts, counts / counts.sum(), 100 * counts / counts.sum())
    right = [chart for chart in charts if any(np.allclose(chart[1], form) for form in forms)]
    if not right:
        counts = counts.astype(float)
        hints = {
            "the bars are sorted: keep the order": np.sort(counts),
            "the bars are sorted: keep the order of the classes": np.sort(counts)[::-1],
        }
        check(charts[-1][1], f"the heights of {CHART}").close(counts, hints=hints)
    return right[0]


def check_chart(figures, counts):
    """Require a bar chart of these counts with class names and labelled axes."""
    axes, _ = find_chart(figures, counts)
    words = " ".join([*axes["xticklabels"], *axes["yticklabels"], *axes["legend"], *axes["texts"]])
    missing = [name for name in CLASSES if not has_words(words, name)]
    if missing:
        names = ", ".join(missing).replace("_", " ")
        raise CheckFailed(CHART, f"does not name {names}", "class names as tick labels")
    for axis in ("xlabel", "ylabel"):
        if not axes[axis].strip():
            raise CheckFailed(CHART, f"has no label on its {axis[0]} axis")


@pytest.mark.item("p4-data")
def test_split_sizes(student, rng):
    """The three parts are counted."""
    train, validation, test = map(int, rng.permutation(60)[:3] + 1)
    sizes = {"train": train, "validation": validation, "test": test}
    dataset = student.support.blood_cells.small_dataset(sizes)
    got = student.problem_4.count_images(dataset)
    swapped = sizes | {"validation": sizes["test"], "test": sizes["validation"]}
    hints = {
        "validation and test are swapped": swapped,
        "validation images belong to a part of their own": {
            "train": sizes["train"] + sizes["validation"], "test": sizes["test"],
        },
    }  # fmt: skip
    check(got, "count_images of a small data set").equals(sizes, hints=hints)
    split_sizes = left_by_run(student.problem_4, "split_sizes")
    if split_sizes is not None:
        blood = student.problem_4.blood
        real = {part: len(getattr(blood, f"{part}_labels")) for part in sizes}
        check(split_sizes, "split_sizes").equals(real)


@pytest.mark.item("p4-data")
def test_class_counts(student, rng):
    """The images of each class are counted, with labels of the shape (N,) and (N, 1)."""
    labels = rng.choice([0, 1, 2, 4, 5, 6], size=60)
    right = np.bincount(labels, minlength=8)
    for shape in ((60,), (60, 1)):
        got = student.array(student.problem_4.count_classes(labels.reshape(shape)))
        what = f"count_classes of 60 labels of the shape {shape}, none of class 3 or 7,"
        check(np.asarray(got, dtype=float), what).close(
            right.astype(float),
            hints={
                "classes that do not occur have the count 0": right[right > 0],
                "classes after the last one that occurs have the count 0": right[:7],
            },
        )
    counts = left_by_run(student.problem_4, "class_counts")
    if counts is not None:
        real = np.bincount(student.problem_4.blood.train_labels, minlength=8)
        counts = np.asarray(student.array(counts), dtype=float)
        check(counts, "class_counts").close(real.astype(float))


@pytest.mark.item("p4-data")
def test_balance(student, rng):
    """Classes of similar size are balanced, others are not."""
    even = rng.integers(1000, 1100, size=8)
    uneven = even.copy()
    uneven[rng.integers(0, 8)] = 3300
    for counts, right in ((even, True), (uneven, False)):
        got = student.problem_4.is_balanced(counts)
        check(got, f"is_balanced({counts.tolist()})").equals(right)


@pytest.mark.item("p4-data")
def test_examples(student, rng):
    """Two images of each class are drawn at random, class after class."""
    labels = rng.permutation(np.repeat(np.arange(8), 30))
    seed = int(rng.integers(2**32))
    draws = []
    for number in (seed, seed, seed + 1):
        generator = student.support.blood_cells.generator(number)
        drawn = student.array(student.problem_4.draw_examples(labels, 2, generator))
        draws.append(np.asarray(drawn))
        check(draws[-1].shape, "the shape of what draw_examples returns").equals(
            (16,), hints={"one row for each class: join the rows": (8, 2)}
        )
        if draws[-1].dtype.kind not in "iu":
            raise CheckFailed("draw_examples", f"returns {draws[-1].dtype}, expected indices")
        check(len(set(draws[-1].tolist())), "the number of different images drawn").equals(16)
        check(labels[draws[-1]].tolist(), "the classes of the images drawn").equals(
            np.repeat(np.arange(8), 2).tolist(),
            hint="they are not class after class"
            if sorted(labels[draws[-1]]) == np.repeat(np.arange(8), 2).tolist()
            else "",
        )
    if not np.array_equal(draws[0], draws[1]):
        hint = "all randomness has to come from `rng`"
        raise CheckFailed("draw_examples", "draws other images with the same seed", hint)
    if np.array_equal(draws[0], draws[2]):
        hint = "these are always the same images: draw them at random, with `rng`"
        raise CheckFailed("draw_examples", "draws the same images with another seed", hint)


@pytest.mark.item("p4-data")
def test_grid_of_images(student, rng):
    """A grid shows 16 images, each with its class as its title."""
    images, labels = coloured(rng, 16), rng.permutation(np.repeat(np.arange(8), 2))
    figures = student.drawn(student.problem_4.show_examples, images, labels)
    check_grid(panels_of(figures), images, labels)
    run = left_by_run(student.problem_4, "example_indices")
    if run is not None:
        blood = student.problem_4.blood
        panels = panels_of(student.figures("problem_4"))
        check_grid(panels, blood.train_images, blood.train_labels)


@pytest.mark.item("p4-data")
def test_bar_chart(student, rng):
    """A bar chart shows how many images of each class there are."""
    counts = rng.permutation(np.arange(1, 9)) * 100 + rng.integers(0, 50, size=8)
    figures = student.drawn(student.problem_4.plot_class_counts, counts)
    check_chart(figures, counts)
    run = left_by_run(student.problem_4, "class_counts")
    if run is not None:
        check_chart(student.figures("problem_4"), np.asarray(student.array(run)))
