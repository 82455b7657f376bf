"""Public checks of Problem 4: the class of lowest recall, and confident and unsure answers.

The images have one colour each instead of cells, so that the checks recognise each in a figure.
"""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import softmax
from autograder.rubric.pictures import has_words, index_of
from autograder.rubric.readings import classes_named
from autograder.rubric.rerun import left_by_run

CLASSES = (
    "basophil", "eosinophil", "erythroblast", "immature granulocyte", "lymphocyte", "monocyte",
    "neutrophil", "platelet",
)  # fmt: skip
QUADRANTS = ("confident right", "confident wrong", "unsure right", "unsure wrong")
MISSED = "the figure of misclassified images"


def coloured(rng, count):
    """Images of one colour each, no two alike."""
    colours = rng.choice(16**3, size=count, replace=False)
    tones = np.stack([colours // 256, colours // 16 % 16, colours % 16], axis=1) * 16
    return np.broadcast_to(tones[:, None, None, :], (count, 28, 28, 3)).astype(np.uint8)


def variable(student, name, own=True):
    """A variable of the notebook's own run by value, or None where the run has not got there."""
    value = left_by_run(student.problem_4, name, own=own)
    return None if value is None else student.support.blood_cells.plain(value)


def panels_of(figures, images):
    """(axes, index of its image) for each axes with an image, cell by cell; -1: another image."""
    cells = {}
    for figure in figures:
        cells.setdefault(figure["cell"], []).extend(
            (axes, index_of(axes["images"][0]["values"], images))
            for axes in figure["axes"]
            if axes["images"] and axes["images"][0]["colour"]
        )
    return [panels for panels in cells.values() if panels]


def words_of(axes):
    """All text in and around an image."""
    return " ".join([axes["title"], axes["xlabel"], axes["ylabel"], *axes["texts"]])


def own_names(student):
    """The names of the classes as the notebook writes them; ours where it writes none."""
    names = left_by_run(student.problem_4, "CLASSES", own=False)
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        return CLASSES
    is_right = [classes_named(name, CLASSES) for name in names] == [[name] for name in CLASSES]
    return tuple(names) if is_right else CLASSES


def random_report(rng, names=CLASSES):
    """A report as sklearn's classification_report makes it, and its class of lowest recall."""
    recall = rng.permutation(np.linspace(0.55, 0.97, 8))
    precision = rng.permutation(np.linspace(0.5, 0.9, 8))
    if precision.argmin() == recall.argmin():
        precision = precision[::-1]
    report = {
        name: {"precision": float(p), "recall": float(r), "f1-score": 0.5, "support": 20.0}
        for name, p, r in zip(names, precision, recall, strict=True)
    }
    averages = {"precision": 0.3, "recall": 0.2, "f1-score": 0.3, "support": 160.0}
    report |= {"accuracy": 0.2, "macro avg": averages, "weighted avg": averages}
    return report, CLASSES[recall.argmin()]


@pytest.mark.item("p4-lowest-recall")
def test_lowest_recall(student, rng):
    """The class of lowest recall is found in a report."""
    names = own_names(student)
    first = second = random_report(rng, names)
    while second[1] == first[1]:  # a class that is always the same is no answer
        second = random_report(rng, names)
    for report, right in (first, second):
        got = student.problem_4.lowest_recall(report)
        rates = check(report, "the report").names(of=CLASSES).got
        hints = {
            "that is the class of lowest precision": (
                min(CLASSES, key=lambda name, rates=rates: rates[name]["precision"])
            ),
            "that is the class of highest recall": (
                max(CLASSES, key=lambda name, rates=rates: rates[name]["recall"])
            ),
            "that is an average over the classes": "macro avg",
        }
        name = check(got, "lowest_recall of a report").names(of=(*CLASSES, "macro avg"))
        name.equals(right, hints=hints)


def check_missed(figures, images, labels, predictions, name, what=MISSED):
    """Require a figure with 5 misclassified images of a class, or with all if there are fewer."""
    pairs = enumerate(zip(labels, predictions, strict=True))
    missed = [index for index, (true, taken) in pairs if CLASSES[true] == name and taken != true]
    wanted = min(5, len(missed))
    # Of several figures with images the one is meant that comes nearest to what is asked for.
    found = max(
        panels_of(figures, images),
        key=lambda panels: (sum(index in missed for _, index in panels), -strangers(panels)),
        default=[],
    )
    if not found:
        raise CheckFailed(what, "is missing: no figure shows images", "plt.imshow of each")
    shown = [index for _, index in found]
    right = set(shown) & set(missed)
    if len(right) != wanted or len(shown) != wanted:
        others = [index for index in shown if index not in right]
        problem = f"shows {len(right)} misclassified images of {name} among {len(shown)} images"
        hint = hint_about(others, labels, predictions, CLASSES.index(name))
        raise CheckFailed(what, f"{problem}, expected {wanted}", hint)
    for axes, index in found:
        if not has_words(words_of(axes), CLASSES[predictions[index]]):
            problem = f"has the title {axes['title']!r} above a {name} that is taken for "
            hint = "name the class that the model takes the cell for"
            raise CheckFailed(what, problem + CLASSES[predictions[index]], hint)


def strangers(panels):
    """How many of the images are none of the test images."""
    return sum(index < 0 for _, index in panels)


def hint_about(others, labels, predictions, number):
    """What the images are that do not belong in the figure."""
    if not others or -1 in others:
        return ""
    if all(labels[index] == number for index in others):
        return "some of its images are classified right"
    if all(predictions[index] == number for index in others):
        return "these are images of other classes that the model takes for this one"
    return "some of its images are of another class"


@pytest.mark.item("p4-lowest-recall")
@pytest.mark.parametrize("count", [9, 3])
def test_misclassified(student, rng, count):
    """Five misclassified images are shown with what they are taken for; fewer if there are."""
    images, labels = coloured(rng, 80), rng.permutation(np.arange(80) % 8)
    number = int(rng.integers(0, 8))
    predictions = np.where(rng.random(80) < 0.5, labels, rng.integers(0, 8, 80))
    own = np.flatnonzero(labels == number)
    predictions[own] = number
    predictions[own[:count]] = (number + rng.integers(1, 8, count)) % 8
    figures = student.drawn(
        student.problem_4.show_misclassified,
        images, labels, predictions, own_names(student)[number],
    )  # fmt: skip
    check_missed(figures, images, labels, predictions, CLASSES[number])


@pytest.mark.item("p4-lowest-recall", counts_with="test_lowest_recall")
def test_lowest_recall_of_the_run(student, rng):
    """The notebook's own run names a class of lowest recall and shows images of it."""
    student.hold(student.problem_4.lowest_recall, random_report(rng, own_names(student))[0])
    report = variable(student, "report", own=False)
    name = None if report is None else variable(student, "lowest_recall_class")
    if name is None:
        return
    name = check(name, "lowest_recall_class").names(of=CLASSES).got
    if isinstance(report, dict):
        report = check(report, "report").names(of=CLASSES).got
    if isinstance(report, dict) and set(CLASSES) <= set(report):
        recall = [report[other]["recall"] for other in CLASSES]
        check(report[name]["recall"], "the recall of lowest_recall_class").close(min(recall))
    labels = variable(student, "test_labels", own=False)
    predictions = variable(student, "test_predictions", own=False)
    if labels is None or np.shape(predictions) != np.shape(labels):
        return
    figures = student.figures("problem_4")
    images = student.problem_4.blood.test_images
    what = f"{MISSED} in the notebook's run"
    check_missed(figures, images, np.asarray(labels), np.asarray(predictions), name, what)


def ask_teacher(student, rng, function, logits):
    """What a function says of images for which a model of ours has these logits."""
    order, signs = rng.permutation(8), rng.choice([-1.0, 1.0], size=8)
    pixels = np.empty_like(logits)
    pixels[:, order] = logits * signs
    ask = student.support.blood_cells.ask_teacher
    return ask(function, pixels, order, signs, student.problem_4.DEVICE)


@pytest.mark.item("p4-confidence")
def test_probabilities(student, rng):
    """predict_probabilities is the softmax of the logits, in evaluation mode."""
    logits = rng.normal(scale=3, size=(12, 8)).astype(np.float32)
    got = ask_teacher(student, rng, student.problem_4.predict_probabilities, logits)
    right = softmax(logits.astype(float))
    check(got, "predict_probabilities").close(
        right,
        rtol=1e-4,
        atol=1e-6,
        hints={
            "these are the logits, without softmax": logits,
            "softmax was taken twice": softmax(right),
            "these are log-probabilities": np.log(right),
            "softmax over the images, expected over the classes: dim=1": softmax(
                logits.T.astype(float)
            ).T,
            "the model was in training mode: model.eval()": np.roll(right, 1, axis=1),
            "that is sigmoid; the rows do not add up to 1": 1 / (1 + np.exp(-logits)),
            "these are the largest probabilities only": right.max(axis=1),
        },
    )


def random_probabilities(rng, confidence, classes):
    """Rows with a given largest probability at a given place; the rest is spread at random."""
    count = len(classes)
    rest = rng.uniform(0.5, 1.5, size=(count, 8))
    rest[np.arange(count), classes] = 0
    rows = rest / rest.sum(axis=1, keepdims=True) * (1 - confidence[:, None])
    rows[np.arange(count), classes] = confidence
    return rows


def random_answers(rng, count=60):
    """Labels and probabilities with all quadrants filled, and images in between."""
    labels, confidence = rng.integers(0, 8, count), rng.uniform(0.4, 0.99, count)
    confidence[:20] = np.repeat([0.93, 0.97, 0.5, 0.45, 0.75], 4)
    classes = np.where(np.arange(count) % 2, labels, (labels + rng.integers(1, 8, count)) % 8)
    order = rng.permutation(count)
    return labels[order], random_probabilities(rng, confidence[order], classes[order])


def quadrants_of(labels, probabilities):
    """The indices of the images in each quadrant."""
    largest, right = np.max(probabilities, axis=1), np.argmax(probabilities, axis=1) == labels
    sure, unsure = largest > 0.9, largest < 0.6
    parts = (sure & right, sure & ~right, unsure & right, unsure & ~right)
    return {
        name: np.flatnonzero(part).tolist() for name, part in zip(QUADRANTS, parts, strict=True)
    }


def check_quadrants(got, right, what):
    """Require the four lists of indices, in any order."""
    if not isinstance(got, dict):
        raise CheckFailed(what, f"is of type {type(got).__name__}, expected a dict")
    missing = [name for name in QUADRANTS if name not in got]
    if missing:
        raise CheckFailed(what, f"lacks the keys {', '.join(map(repr, missing))}")
    for name in QUADRANTS:
        other = f"{'unsure' if 'confident' in name else 'confident'} {name.split()[1]}"
        opposite = f"{name.split()[0]} {'wrong' if 'right' in name else 'right'}"
        indices = np.asarray(got[name])
        if indices.size and indices.dtype == bool:
            problem = "is a mask of booleans, expected the indices of the images"
            raise CheckFailed(f"{name} of {what}", problem, "np.flatnonzero makes indices of it")
        indices = sorted(indices.astype(int).ravel().tolist())
        check(indices, f"{name} of {what}").equals(
            right[name],
            hints={
                "right and wrong are swapped": right[opposite],
                "confident and unsure are swapped": right[other],
                "right and wrong images are together": sorted(right[name] + right[opposite]),
            },
        )


@pytest.mark.item("p4-confidence")
def test_quadrants(student, rng):
    """Images are sorted by confidence above 0.9 or below 0.6, right or wrong."""
    labels, probabilities = random_answers(rng)
    got = student.support.blood_cells.plain(
        student.hold(student.problem_4.find_quadrants, probabilities, labels)
    )
    check_quadrants(got, quadrants_of(labels, probabilities), "find_quadrants")
