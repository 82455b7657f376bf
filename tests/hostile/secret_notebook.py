"""The assignment `noted` of tests/course, with a package, claims and secrets in its hidden tests.

    n1-mean 3, n1-figure 2, n1-claims 2     judged in branches of squares.ipynb
    n1-sums 1                               judged in a worker of its own, shapes/area.py
    n1-why 1                                written, in no score

What the claims are held against is secret, too: a dataset with random labels.
"""

import contextlib
import io
import random
import shutil

import numpy as np

from autograder.claims import save_claims
from autograder.datasets.dataset import Dataset
from autograder.datasets.prepared import write_prepared
from autograder.rubric.audit_claims import audit

WHOLE_RUN_S, CELL_S = 12, 6


def make_notebook_course(course, secrets, timeout_s):
    """Put secrets, time limits and a package into the assignment of a course."""
    home, solutions = course / "assignment" / "noted", course / "solutions"
    shutil.copytree(solutions / "tiny" / "shapes", solutions / "noted" / "shapes")
    toml = (home / "assignment.toml").read_text()
    for old, new in (
        ("\ntimeout_s = 10", f"\ntimeout_s = {timeout_s}"),
        ("\ntimeout_s = 40", f"\ntimeout_s = {WHOLE_RUN_S}"),
        ("\ncell_timeout_s = 20", f"\ncell_timeout_s = {CELL_S}\nneeds = ['mnist']{_SIZES}"),
        (
            'banned_imports = ["torch"]',
            'allowed_imports = ["IPython", "matplotlib", "msgpack", "numpy"]',
        ),
        ('"claims/*.json"', '"claims/*.json", "claims/*.npz"'),
        ("points = 6", "points = 9"),
    ):
        assert old in toml
        toml = toml.replace(old, new)
    (home / "assignment.toml").write_text(toml + _ITEMS.format(timeout_s))
    (home / "rubric" / "test_squares_hidden.py").unlink()
    hidden = _HIDDEN
    for index, number in enumerate(secrets.numbers):
        hidden = hidden.replace(f"NUMBER{index}", str(number))
    hidden = hidden.replace("WORD", secrets.word)
    (home / "rubric" / f"test_{secrets.word}_hidden.py").write_text(hidden)
    (home / "rubric" / "test_sums.py").write_text(_SUMS)


def make_data(folder):
    """Write a dataset whose test labels cannot be guessed, not even how often each occurs."""
    rng = np.random.default_rng(random.SystemRandom().getrandbits(64))
    shares = rng.dirichlet(np.ones(10))
    splits = [
        (rng.integers(0, 256, (size, 28, 28), np.uint8), rng.choice(10, size, p=shares))
        for size in (200, 50, 400)
    ]
    dataset = Dataset.of("mnist", "stand-in", splits, [str(digit) for digit in range(10)])
    folder.mkdir(mode=0o700, exist_ok=True)
    write_prepared(dataset, folder)
    return dataset


def make_claims(folder, dataset, right):
    """Write claims into a submission; wrong ones state what no network can reach."""
    rng = np.random.default_rng(1)
    weights = {"out.weight": rng.normal(size=(10, 784)).astype("f4"), "out.bias": np.zeros(10)}
    images, labels = dataset.test_images, dataset.test_labels
    reached = audit(weights, images, labels, lambda some: some.reshape(len(some), -1) / 255)
    stated = reached.accuracy if right else 101.0
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        save_claims("n1", weights, data=dataset, accuracy=stated)


_SIZES = "\ndata = { train = 60, validation = 20, test = 40 }"

_ITEMS = """
[[package]]
path = "shapes/"
allowed_imports = ["msgpack", "numpy"]
given = ["shapes/__init__.py"]

[[item]]
id = "n1-claims"
problem = "n1"
title = "What the weights reach"
points = 2
kind = "auto"
timeout_s = {0}
notebook = "squares.ipynb"

[[item]]
id = "n1-sums"
problem = "n1"
title = "Sums of rows"
points = 1
kind = "auto"
timeout_s = {0}
"""

_SUMS = '''"""Public checks beside the notebook."""

import pytest

from autograder.rubric import check


@pytest.mark.item("n1-claims")
def test_the_claims_are_there(student):
    """claims/n1.json states an accuracy."""
    check(student.claims("n1")["numbers"].get("accuracy"), "the stated accuracy").above(-1)


@pytest.mark.item("n1-sums")
def test_row_sums_of_a_matrix(student, rng):
    """row_sums(X) has one sum for each row."""
    X = rng.normal(size=(3, 5))
    check(student.shapes.area.row_sums(X), "row_sums(X)").close(X.sum(1))
'''

_HIDDEN = '''"""WORD: hidden checks of the notebook."""

import numpy as np
import pytest

from autograder.rubric import check
from autograder.rubric.audit_claims import audit
from autograder.rubric.pictures import index_of
from autograder.rubric.rerun import left_by_run

WORD_expected = NUMBER0


@pytest.mark.item("n1-mean", weight=2.0)
def test_mean_of_WORD(student):
    """WORD: mean_of(values) of secret numbers."""
    WORD = np.array([NUMBER1, NUMBER2, NUMBER3])
    check(student.squares.mean_of(WORD), "WORD mean_of(values)").close(
        WORD.mean(), hints={"the sum": WORD.sum()}
    )
    held = student.place(np.array([NUMBER4]))
    check(student.squares.mean_of(held), "WORD mean_of one").close(NUMBER4)


@pytest.mark.item("n1-figure", weight=2.0)
def test_figure_WORD(student):
    """WORD: the line of squares shows squares."""
    figures = student.figures("squares")
    line = figures.about("squares", having="lines").any_lines()[0]
    check(np.asarray(line.y, dtype=float), "WORD values").close(line.x**2.0)
    numbers = left_by_run(student.squares, "numbers_to_square")
    for axes in figures.axes():
        if axes.data["images"]:
            index_of(axes.image(), student.array(numbers))
    if numbers is not None:
        check(np.asarray(numbers, dtype=float), "WORD numbers").close(line.x * 1.0)
    check(NUMBER5 in student.output("squares"), "WORD in the output").equals(False)


@pytest.mark.item("n1-claims")
def test_claims_WORD(student, data):
    """WORD: the weights reach what is stated of them."""
    claims, digits = student.claims("n1"), data.mnist()
    images = digits.test_images.reshape(len(digits.test_images), -1)
    reached = audit(claims["weights"], images, digits.test_labels, lambda some: some / 255)
    check(claims["numbers"]["accuracy"], "WORD accuracy").close(
        reached.accuracy, rtol=0, atol=0.01
    )
'''
