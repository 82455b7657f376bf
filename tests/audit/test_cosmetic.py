"""What no test can see is not changed: prints, labels, sizes and styles; everything else is."""

import ast

import pytest

from autograder.assignment import load_assignment
from autograder.audit.cosmetic import EVERYTHING, seen_by_items
from autograder.audit.equivalent import read_mutation
from autograder.audit.marked import Text
from autograder.audit.mutations import edits_of

NOTHING = frozenset()
FIGURES, PRINTED = frozenset({"figures"}), frozenset({"printed"})


def mutants(source, seen):
    text = Text("a.ipynb", source, is_notebook=True)
    edits = [edit for one in ast.parse(source).body for edit in edits_of(text, one, seen)]
    return {
        (text.data[: edit.begin] + edit.replacement + text.data[edit.end :]).decode()
        for edit in edits
    }


UNSEEN = [
    ('print("loss", 2 * loss)', NOTHING),
    ('if epoch % 10 == 0:\n    print(f"loss {loss}")', NOTHING),
    ('plt.xlabel("epoch")', NOTHING),
    ('ax.set(title="a", xlim=(0, 3))', NOTHING),
    ("ax.legend(loc=2)", NOTHING),
    ("plt.show()", EVERYTHING),
    ("fig.tight_layout(pad=2)", EVERYTHING),
]


@pytest.mark.parametrize(("source", "seen"), UNSEEN)
def test_what_no_test_sees_is_not_changed(source, seen):
    assert mutants(source, seen) == set()


SEEN = [
    ('print("loss", 2 * loss)', PRINTED, "pass"),
    ('plt.xlabel("epoch")', FIGURES, "pass"),
    ("ax.legend(loc=2)", FIGURES, "pass"),
    ("plt.close()", NOTHING, "pass"),
    ("losses.append(loss)", NOTHING, "pass"),
    ("if a:\n    print(1)\n    b.append(2)", NOTHING, "if a:\n    print(1)\n    pass"),
    ("plt.plot(x, 2 * y)", NOTHING, "plt.plot(x, 2 / y)"),
    ("plt.scatter(x, y, c=labels)", NOTHING, "plt.scatter(x, y)"),
    ('plt.plot(x, y, label="a")', NOTHING, "plt.plot(x, y)"),
    ("print(total := a + b)", NOTHING, "print(total := a - b)"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "seen", "mutant"), SEEN)
def test_what_a_test_may_see_is_changed(source, seen, mutant):
    assert mutant in mutants(source, seen)


def test_sizes_and_styles_are_left_as_they_are():
    source = 'fig, ax = plt.subplots(2, 3, figsize=(12, 4))\nax.plot(x, y, marker="o", lw=2)'
    found = mutants(source, EVERYTHING)
    assert found
    for mutant in found:
        assert "figsize=(12, 4)" in mutant
        assert 'marker="o", lw=2' in mutant or mutant.endswith("\npass")


def test_what_tests_read_is_told_by_their_code(course):
    noted = load_assignment(course, "noted")
    assert seen_by_items(noted) == {"n1-mean": FIGURES, "n1-figure": FIGURES}  # they share files
    assert seen_by_items(load_assignment(course, "tiny"))["t1-square"] == NOTHING


def test_notebooks_are_changed_unless_the_catalogue_says_which(course):
    file = course / "assignment/noted/catalogue/equivalent.toml"
    assert read_mutation(load_assignment(course, "noted")).notebooks == ("squares.ipynb",)
    file.write_text("[mutants]\nnotebooks = []\n")
    assert read_mutation(load_assignment(course, "noted")).notebooks == ()
    file.unlink()
    assert read_mutation(load_assignment(course, "noted")).notebooks == ("squares.ipynb",)
