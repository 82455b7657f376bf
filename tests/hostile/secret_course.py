"""A copy of tests/course with short time limits, and with secrets in its hidden tests."""

import random
import shutil
import string
from dataclasses import dataclass
from pathlib import Path

from .secret_notebook import make_notebook_course

COURSE = Path(__file__).parent.parent / "course"


@dataclass(frozen=True)
class Secrets:
    """What no student may learn, made fresh for each grading."""

    word: str
    numbers: tuple[float, ...]
    whole: int


def make_secrets(variant=0):
    """Draw secrets; variants 0 and 1 differ in every way that an attack might encode."""
    draw = random.SystemRandom()
    low = 1.5 + 0.75 * variant
    return Secrets(
        word="".join(draw.choices(string.ascii_lowercase, k=14)),
        numbers=tuple(round(draw.uniform(low, low + 0.7), 9) for _ in range(6)),
        whole=2 * draw.randrange(10**8, 4 * 10**8) + variant,
    )


def make_course(course, secrets, timeout_s):
    """Copy tests/course with this time limit of items and with secrets in its hidden tests."""
    shutil.rmtree(course, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", "results")
    shutil.copytree(COURSE, course, ignore=ignored)
    home = course / "assignment" / "tiny"
    toml = (home / "assignment.toml").read_text()
    toml = toml.replace("timeout_s = 10", f"timeout_s = {timeout_s}")
    toml = toml.replace("points = 5", "points = 6")
    # What the attacks' tools import besides; everything else is refused.
    allowed = 'allowed_imports = ["msgpack", "numpy"]'
    toml = toml.replace('banned_imports = ["torch"]', allowed)
    (home / "assignment.toml").write_text(toml + _NUMBER_ITEM.format(timeout_s))
    (home / "rubric" / "test_area_hidden.py").unlink()
    hidden = _HIDDEN
    for index, number in enumerate(secrets.numbers):
        hidden = hidden.replace(f"NUMBER{index}", str(number))
    hidden = hidden.replace("WHOLE", str(secrets.whole)).replace("WORD", secrets.word)
    (home / "rubric" / f"test_{secrets.word}_hidden.py").write_text(hidden)
    (home / "rubric" / "test_number.py").write_text(_PUBLIC_NUMBER)
    make_notebook_course(course, secrets, timeout_s)


_NUMBER_ITEM = """
[[item]]
id = "t1-number"
problem = "t1"
title = "Square of a number"
points = 1
kind = "auto"
timeout_s = {}
"""

_PUBLIC_NUMBER = '''"""Public checks of square on numbers."""

import pytest

from autograder.rubric import check


@pytest.mark.item("t1-number")
def test_square_of_a_number(student, rng):
    """square(x) squares a whole number."""
    check(student.shapes.area.square(7), "square(7)").equals(49)
'''

_HIDDEN = '''"""WORD: hidden checks."""

import numpy as np
import pytest

from autograder.rubric import check

WORD_expected = NUMBER0


@pytest.mark.item("t1-square")
def test_square_keeps_its_argument_WORD(student, rng):
    """WORD: square(x) leaves x as it was."""
    WORD = np.array([NUMBER1, NUMBER2, NUMBER3])
    held = student.place(WORD)
    check(student.shapes.area.square(held), "WORD square(x)").close(
        WORD**2, hints={"doubled": 2 * WORD}
    )
    check(student.read(held), "WORD after square(x)").close(
        WORD, hints={"squared in place": WORD**2}
    )
    check(student.shapes.area.square(held), "WORD square(x), asked again").close(
        WORD**2, hints={"squared in place": WORD**4}
    )


@pytest.mark.item("t1-number")
def test_square_of_another_number_WORD(student, rng):
    """WORD: square(x) is right for large numbers."""
    check(student.shapes.area.square(WHOLE), "WORD square(x)").equals(WHOLE**2)


@pytest.mark.item("t1-row-sums", weight=2.0)
def test_row_sums_WORD(student, rng):
    """WORD: row_sums(X) is right for scaled rows, and for a reference."""
    X = rng.uniform(1.0, 2.0, size=(3, 2)) + NUMBER4
    scale = student.support.scaling.Scale(NUMBER5)
    scaled = student.hold(scale.apply, X)
    right = NUMBER5 * X.sum(1)
    check(student.shapes.area.row_sums(scaled), "WORD row_sums(X)").close(right)
    kept = student.hold(student.shapes.area.row_sums, X)
    assert len(kept) == 3
    check(kept + X.sum(1), "WORD row_sums(X) and itself").close(2 * X.sum(1))
    check([*kept], "WORD the elements of row_sums(X)").numbers(3).close(X.sum(1))
    assert not hasattr(kept, "WORD_is_missing"), "WORD an attribute that is not there"
    check(kept[1], "WORD row_sums(X)[1]").close(X.sum(1)[1])
    check(student.read(student.item(kept, 2)), "WORD row_sums(X)[2]").close(X.sum(1)[2])
    rows = student.shapes.area.row_sums(X)
    one_by_one = [float(entry) for row in rows for entry in np.atleast_1d(row)]
    assert np.allclose(one_by_one, X.sum(1)), "WORD row_sums(X), one by one"
'''
