"""Public checks of Problem 4: the figure of the quadrants, and the notebook's own ones.

The images have one colour each instead of cells, so that the checks recognise each in a figure.
"""

import re

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.pictures import has_words, index_of
from autograder.rubric.rerun import left_by_run

CLASSES = (
    "basophil", "eosinophil", "erythroblast", "immature granulocyte", "lymphocyte", "monocyte",
    "neutrophil", "platelet",
)  # fmt: skip
QUADRANTS = ("confident right", "confident wrong", "unsure right", "unsure wrong")
FIGURE = "the figure of the quadrants"
EMPTY_WORDS = (
    "empty", "no ", "none", "nothing", "not ", "0 ", "zero", "without", "n/a", "n.a.", "nil", "na ",
    "missing", "absent", "–", "—", "∅",
)  # fmt: skip


def coloured(rng, count):
    """Images of one colour each, no two alike."""
    colours = rng.choice(16**3, size=count, replace=False)
    tones = np.stack([colours // 256, colours // 16 % 16, colours % 16], axis=1) * 16
    return np.broadcast_to(tones[:, None, None, :], (count, 28, 28, 3)).astype(np.uint8)


def variable(student, name, own=True):
    """A variable of the notebook's own run by value, or None where the run has not got there."""
    value = left_by_run(student.problem_4, name, own=own)
    return None if value is None else student.support.blood_cells.plain(value)


def case(rng, sizes):
    """Images, labels and probabilities with so many images in each quadrant, and 6 in none."""
    bounds = {"confident": (0.91, 0.99), "unsure": (0.3, 0.58)}
    confidence, is_right, quadrants = [], [], {}
    for name in QUADRANTS:
        quadrants[name] = np.arange(len(confidence), len(confidence) + sizes[name])
        confidence += rng.uniform(*bounds[name.split()[0]], sizes[name]).tolist()
        is_right += [name.endswith("right")] * sizes[name]
    confidence, is_right = np.array(confidence + [0.75] * 6), np.array(is_right + [True] * 6)
    count = len(confidence)
    labels = rng.integers(0, 8, count)
    classes = np.where(is_right, labels, (labels + rng.integers(1, 8, count)) % 8)
    rest = rng.uniform(0.5, 1.5, size=(count, 8))
    rest[np.arange(count), classes] = 0
    probabilities = rest / rest.sum(axis=1, keepdims=True) * (1 - confidence[:, None])
    probabilities[np.arange(count), classes] = confidence
    return coloured(rng, count), labels, probabilities, quadrants


def examples_in(figure, images):
    """(axes, index of its image) for each axes of a figure that shows an image."""
    return [
        (axes, index_of(axes["images"][0]["values"], images))
        for axes in figure["axes"]
        if axes["images"] and axes["images"][0]["colour"]
    ]


def all_text(figure):
    """All words of a figure."""
    parts = [figure["title"]]
    for axes in figure["axes"]:
        parts += [axes["title"], axes["xlabel"], axes["ylabel"], *axes["texts"]]
    return parts


def tells_confidence(text, confidence):
    """Whether a text has a number in it that is the confidence, as a fraction or in per cent."""
    numbers = [float(number) for number in re.findall(r"\d+\.?\d*|\.\d+", text)]
    # Two digits, or whole per cent: rounded or cut off.
    return any(
        abs(number - confidence) <= 0.0101 or abs(number - 100 * confidence) <= 1.01
        for number in numbers
    )


def check_title(axes, label, prediction, confidence):
    """Require true class, predicted class and confidence in the words about an image."""
    text = " ".join([axes["title"], axes["xlabel"], axes["ylabel"], *axes["texts"]])
    for name, meaning in ((CLASSES[label], "true"), (CLASSES[prediction], "predicted")):
        if not has_words(text, name):
            problem = f"has an image with the title {axes['title']!r}, without its {meaning} class"
            hint = "true class, predicted class and confidence belong above each image"
            raise CheckFailed(FIGURE, f"{problem}, {name}", hint)
    if not tells_confidence(text, confidence):
        problem = f"has an image with the title {axes['title']!r}, without its confidence"
        hint = "the confidence is the largest probability"
        raise CheckFailed(FIGURE, f"{problem}, {confidence:.3f}", hint)


def check_figure(figures, images, labels, probabilities, quadrants):
    """Require up to 2 examples of each quadrant, titled, and words about the empty ones.

    The examples of one cell may be in one figure or in several.
    """
    in_quadrants = {int(index) for name in QUADRANTS for index in quadrants[name]}
    failures = []
    for cell in dict.fromkeys(figure["cell"] for figure in figures):
        drawn = [figure for figure in figures if figure["cell"] == cell]
        try:
            return check_cell(drawn, images, labels, probabilities, quadrants)
        except CheckFailed as failure:
            found = {index for figure in drawn for _, index in examples_in(figure, images)}
            failures.append((len(found & in_quadrants), failure))
    if not failures:
        raise CheckFailed(FIGURE, "is missing: nothing was drawn")
    # What is said is said about the figures that come nearest to what is asked for.
    raise max(failures, key=lambda pair: pair[0])[1]


def check_cell(figures, images, labels, probabilities, quadrants):
    """The same for the figures of one cell."""
    wanted = {name: min(2, len(quadrants[name])) for name in QUADRANTS}
    of_index = {int(index): name for name in QUADRANTS for index in quadrants[name]}
    found = [pair for figure in figures for pair in examples_in(figure, images)]
    if not found:
        raise CheckFailed(FIGURE, "is missing: no figure shows images of the quadrants")
    if not all(index in of_index for _, index in found):
        known = all(index >= 0 for _, index in found)
        problem = "shows an image that is in none of the quadrants"
        raise CheckFailed(FIGURE, problem, "" if known else "show the images of the data set")
    shown = {index: axes for axes, index in found}
    counts = {name: sum(of_index[index] == name for index in shown) for name in QUADRANTS}
    short = [name for name in QUADRANTS if counts[name] < wanted[name]]
    if short:
        problem = f"shows {counts[short[0]]} images of the quadrant {short[0]!r}"
        raise CheckFailed(FIGURE, f"{problem}, expected {wanted[short[0]]}")
    for index, axes in shown.items():
        row = probabilities[index]
        check_title(axes, labels[index], int(row.argmax()), float(row.max()))
    empty = [name for name in QUADRANTS if not len(quadrants[name])]
    texts = [text.lower() + " " for figure in figures for text in all_text(figure)]
    if empty and not any(word in text for word in EMPTY_WORDS for text in texts):
        hint = f"the quadrant {empty[0]!r} is empty; write so in the figure"
        raise CheckFailed(FIGURE, "does not say that a quadrant is empty", hint)


def draw(student, images, labels, probabilities, quadrants):
    """The figures that show_quadrants draws."""
    return student.drawn(
        student.problem_4.show_quadrants,
        images, labels, probabilities, quadrants,
    )  # fmt: skip


@pytest.mark.item("p4-confidence")
def test_figure(student, rng):
    """Two examples of each quadrant are shown, with true and predicted class and confidence."""
    arguments = case(rng, {name: int(rng.integers(2, 6)) for name in QUADRANTS})
    check_figure(draw(student, *arguments), *arguments)


@pytest.mark.item("p4-confidence")
def test_empty_quadrant(student, rng):
    """An empty quadrant says that it is empty; one with a single image shows that."""
    sizes = dict(zip(QUADRANTS, rng.permutation([0, 1, 3, 4]).tolist(), strict=True))
    arguments = case(rng, sizes)
    check_figure(draw(student, *arguments), *arguments)


@pytest.mark.item("p4-confidence", counts_with="test_quadrants")
def test_quadrants_of_the_run(student, rng):
    """The notebook's own run sorts its test images, and shows examples."""
    arguments = case(rng, dict.fromkeys(QUADRANTS, 2))
    draw(student, *arguments)
    student.hold(student.problem_4.find_quadrants, arguments[2], arguments[1])
    quadrants, rows = variable(student, "quadrants"), variable(student, "test_probabilities")
    labels = variable(student, "test_labels", own=False)
    if quadrants is None or rows is None or labels is None:
        return
    rows, labels = np.asarray(rows, dtype=float), np.asarray(labels)
    confidence, is_right = rows.max(axis=1), rows.argmax(axis=1) == labels
    expected = {
        "confident right": (confidence > 0.9) & is_right,
        "confident wrong": (confidence > 0.9) & ~is_right,
        "unsure right": (confidence < 0.6) & is_right,
        "unsure wrong": (confidence < 0.6) & ~is_right,
    }
    for name in QUADRANTS:
        indices = sorted(np.asarray(quadrants.get(name, -1)).astype(int).ravel().tolist())
        right = np.flatnonzero(expected[name]).tolist()
        check(indices, f"quadrants[{name!r}]").equals(right)
    figures = student.figures("problem_4")
    images = student.problem_4.blood.test_images
    check_figure(figures, images, labels, rows, quadrants)
