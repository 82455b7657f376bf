"""A solution's code is found in what ships though its names were changed, and nothing else is."""

import json

import pytest

from autograder.assignment import load_assignment
from autograder.errors import AssignmentErrors
from autograder.release import leaks_in, plan_release
from autograder.release.fragments import fragments_of
from autograder.release.renamed import sightings_in
from autograder.release.tool_file import tool_file, tool_modules

SOURCE = '''\
"""Fits."""
import numpy as np


def gradient(w, X, y, delta):
    # BEGIN SOLUTION t1-square
    residuals = y - X @ w
    return -X.T @ np.clip(residuals, -delta, delta)
    # END SOLUTION


def step(state, g, beta, rate, eps):
    # BEGIN SOLUTION t1-square
    state.m = beta * state.m + (1 - beta) * g
    state.w = state.w - rate * state.m / (np.sqrt(state.v) + eps)
    # END SOLUTION


def backward(modules, grad):
    # BEGIN SOLUTION t1-row-sums
    for module in reversed(modules):
        grad = module.backward(grad)
    return grad
    # END SOLUTION


def select(labels, guesses, limit):
    # BEGIN SOLUTION t1-row-sums
    kept = np.flatnonzero((labels > limit) & (guesses != labels))
    return np.sort(kept, axis=0, kind="stable")[:5]
    # END SOLUTION


def forward(self, x):
    # BEGIN SOLUTION t1-row-sums
    return self.forward(x)
    # END SOLUTION
'''

CLIPPED = "-X.T @ np.clip(residuals, -delta, delta)"
AVERAGED = "beta * state.m + (1 - beta) * g"
STEPPED = "state.w - rate * state.m / (np.sqrt(state.v) + eps)"
LOOP = "for module in reversed(modules):; grad = module.backward(grad)"
SELECTED = "np.flatnonzero((labels > limit) & (guesses != labels))"
SORTED = "np.sort(kept, axis=0, kind='stable')[:5]"


@pytest.fixture(scope="module")
def fragments(parse):
    return fragments_of([parse(SOURCE)])


def notebook(kind: str, source: str, outputs: tuple[str, ...] = ()) -> str:
    """A notebook of one cell."""
    told = [{"output_type": "stream", "name": "stdout", "text": [text]} for text in outputs]
    cell = {"cell_type": kind, "source": source.splitlines(keepends=True), "outputs": told}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


LEAKS = [
    # other names, in code
    ("a.py", "def right(v, A, t, d):\n    return -A.T @ np.clip(t - A @ v, -d, d)\n", CLIPPED),
    ("a.py", "from numpy import clip\nr = -M.T @ clip(r, -0.5, 0.5)\n", CLIPPED),
    ("a.py", "import numpy\nr = numpy.negative(M.T) @ numpy.clip(r, -d, d)\n", CLIPPED),
    ("a.py", "r = -(M.T @ r.clip(-d, d))\n", CLIPPED),
    ("a.py", "r = np.matmul(np.transpose(M), np.clip(self.r[k], -self.d, self.d))\n", CLIPPED),
    # operands in another order, brackets, a constant for a name
    ("a.py", "average = (1 - 0.9) * new + 0.9 * old\n", AVERAGED),
    ("a.py", "old = new * (1 - keep) + keep * old\n", AVERAGED),
    ("a.py", "w -= lr * (m / (eps + v**0.5))\n", STEPPED),
    ("a.py", "hints = {'a': w + 0 - rate / (np.sqrt(v) + eps) * m}\n", STEPPED),
    # statements, keywords in another order, a comparison turned round
    ("a.py", "for part in reversed(parts):\n    g = part.backward(g)\n", LOOP),
    ("a.py", "if x:\n    a = 1\n    for p in reversed(q):\n        s = p.backward(s)\n", LOOP),
    ("a.py", "k = np.flatnonzero((told != true) & (3 < true))\n", SELECTED),
    ("a.py", "best = numpy.sort(found, kind='stable', axis=0)[:5]\n", SORTED),
    # comments, strings, docstrings
    ("a.py", "x = 1\n# The right one is -A.T @ np.clip(r, -d, d), as in the lecture.\n", CLIPPED),
    ("a.py", "# for part in reversed(parts):\n#     g = part.backward(g)\n", LOOP),
    ("a.py", "# the gradient is -A.T @ np.clip(\n#     r, -d, d) there\n", CLIPPED),
    ("a.py", 'def f(x):\n    """Compute old.\n\n        keep * old + (1 - keep) * new\n    """\n',
     AVERAGED),
    ("a.py", 'hint = "expected keep * old + (1 - keep) * new"\n', AVERAGED),
    ("a.py", 'hint = f"{name}: it is −Aᵀ @ clip(r, −d, d)"\n', CLIPPED),
    # Markdown and other text
    ("a.md", "Then $w$ follows: `w - lr * m / (sqrt(v) + e)`.\n", STEPPED),
    ("a.md", "So:\n\n```python\nfor p in reversed(ps):\n    g = p.backward(g)\n```\n", LOOP),
    ("a.md", "- first b * old + (1 - b) * new, then the rest\n", AVERAGED),
    ("a.txt", "pick np.flatnonzero((a > 3) & (b != a)) and go on\n", SELECTED),
    ("a.toml", 'note = "-A.T @ np.clip(r, -d, d)"\n', CLIPPED),
    ("a.json", '{"note": ["x", {"y": "-A.T @ np.clip(r, -d, d)"}]}', CLIPPED),
    # notebooks: code, text, magics, outputs
    ("a.ipynb", notebook("code", "%matplotlib inline\nold = b * old + (1 - b) * new\n"), AVERAGED),
    ("a.ipynb", notebook("markdown", "We take `b * old + (1 - b) * new`.\n"), AVERAGED),
    ("a.ipynb", notebook("code", "x = 1\n# b * old + (1 - b) * new\n"), AVERAGED),
    ("a.ipynb", notebook("code", "x", ("-A.T @ np.clip(r, -d, d)\n",)), CLIPPED),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "leak"), LEAKS)
def test_renamed_code_is_found(path, text, leak, fragments):
    found = [one.fragment.text for one in sightings_in(path, text, fragments)]
    assert any(leak in text for text in found), found


INNOCENT = [
    ("a.py", "residuals = y - X @ w\n"),
    ("a.py", "r = np.clip(r, -d, d)\n"),
    ("a.py", "r = -A.T @ np.clip(r, 0, d)\n"),  # another bound
    ("a.py", "r = -A.T @ np.clip(r, -d, e)\n"),  # two names where the solution has one
    ("a.py", "r = A.T @ np.round(r, -d, d)\n"),  # another function
    ("a.py", "m = b * m + (2 - b) * g\n"),  # another constant
    ("a.py", "m = b * m + (1 - b) / g\n"),
    ("a.py", "m = b * m + (1 - c) * g\n"),
    ("a.py", "m = b * b + (1 - b) * b\n"),  # one name where the solution has several
    ("a.py", "for part in parts:\n    g = part.backward(g)\n"),
    ("a.py", "for part in reversed(parts):\n    part.backward(g)\n"),
    ("a.py", "for part in reversed(parts):\n    g = part.forward(g)\n"),
    ("a.py", "k = np.flatnonzero((a > 3) | (b != a))\n"),
    ("a.py", "k = np.sort(k, axis=1, kind='stable')[:5]\n"),
    ("a.py", "def f(self, x):\n    return self.forward(x)\n"),
    ("a.py", "# Adam divides by the root of v, plus eps; see the lecture (chapter 3).\n"),
    ("a.md", "Write - or leave - what is asked (in 2 - 3 lines); see *a* and *b*.\n"),
    ("a.md", "The loss is $-\\sum_i r_i x_i$, and `w - lr * m` is a step.\n"),
    ("a.md", "Use np.clip and A.T; mind the sign - it is easy to lose.\n"),
    ("a.json", '{"points": 2.5, "title": "clip(r, -d, d)"}'),
    ("a.ipynb", notebook("code", "!ls (\n%time x = y\nmodel = Model()\n")),
    ("a.ipynb", notebook("markdown", "| a | b |\n|---|---|\n| 1 - b | (c) |\n")),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), INNOCENT)
def test_other_code_and_text_is_not(path, text, fragments):
    assert sightings_in(path, text, fragments) == []


def test_what_is_small_is_no_fragment(fragments):
    texts = [fragment.text for fragment in fragments]
    assert not any("self.forward" in text for text in texts)
    assert "y - X @ w" not in texts


def test_nested_code_is_told_once(fragments):
    text = "x = 1\ng = -A.T @ np.clip(r, -d, d)\ng = -A.T @ np.clip(r, -d, d)\n"
    found = sightings_in("a.py", text, fragments)
    assert [(one.line, one.fragment.text) for one in found] == [(2, CLIPPED), (3, CLIPPED)]


@pytest.mark.parametrize(("path", "text", "line"), [
    ("a.py", "x = 1\n\n# one\n# b * m + (1 - b) * g\n", 4),
    ("a.py", 'x = 1\n\n"""one\n\nb * m + (1 - b) * g\n"""\n', 5),
    ("a.md", "one\n\ntwo\nb * m + (1 - b) * g\n", 4),
])  # fmt: skip
def test_the_line_is_that_of_the_file(path, text, line, fragments):
    assert {one.line for one in sightings_in(path, text, fragments)} == {line}


# The whole build, on the tiny course

SOLUTION = "solutions/tiny/shapes/area.py"
TEST = "assignment/tiny/rubric/test_area.py"
WAIVERS = "assignment/tiny/leaks.toml"
SOLVED = "    return np.multiply(x, x)"
FORMULA = "np.exp(x - np.max(x)) / np.sum(np.exp(x))"
NORM = f"    return {FORMULA}"
RENAMED = "\n\ndef norm(z):\n    return np.exp(z - z.max()) / np.exp(z).sum()\n"


@pytest.fixture
def build(course):
    """Plan the release: what it is refused for."""

    def plan() -> list[str]:
        try:
            plan_release(load_assignment(course, "tiny"))
        except AssignmentErrors as error:
            return [str(problem) for problem in error.problems]
        return []

    return plan


@pytest.fixture
def leaking(edit, add):
    """Put a formula into the solution, and with other names into a public test."""
    edit(SOLUTION, SOLVED, NORM)
    add(TEST, RENAMED)


def waiver(file="tests/test_area.py", text=FORMULA, reason="the handout gives it"):
    """A waiver as it is written."""
    return f"[[waived]]\nfile = {file!r}\ntext = {text!r}\nreason = {reason!r}\n"


def test_a_public_test_with_the_solutions_formula_stops_the_build(leaking, build):
    (problem,) = build()
    assert problem.startswith("student_release/tiny/tests/test_area.py:")
    assert (
        "a solution's code ships with other names: `np.exp(x - np.max(x)) / np.sum(np.exp(x))` of "
        "solutions/tiny/shapes/area.py:17; check it in another way there, or waive it in "
        "leaks.toml with the reason"
    ) in problem


@pytest.mark.parametrize("file", ["tests/test_area.py", "tests/*.py", "*"])
@pytest.mark.parametrize("text", [FORMULA, "np.exp(a - np.max(a)) / np.sum(np.exp(a))"])
def test_a_waiver_with_a_reason_lets_it_ship(file, text, leaking, build, add):
    add(WAIVERS, waiver(file, text))
    assert build() == []


@pytest.mark.parametrize("changed", [
    {"file": "handout.md"}, {"text": "np.exp(a - np.min(a))"}, {"text": "x"},
])  # fmt: skip
def test_a_waiver_of_something_else_lets_nothing_ship_and_is_unused(changed, leaking, build, add):
    add(WAIVERS, waiver(**changed))
    leak, unused = build()
    assert "ships with other names" in leak
    assert unused.startswith("assignment/tiny/leaks.toml:1: `")
    assert "does not ship in" in unused
    assert unused.endswith("; remove the waiver, or correct its file and text")


def test_a_waiver_that_nothing_needs_is_a_finding(build, add):
    add(WAIVERS, waiver())
    (unused,) = build()
    assert "does not ship in 'tests/test_area.py'" in unused


@pytest.mark.parametrize(("text", "said"), [
    ("[[waived]]\nfile = 'a'\ntext = 'x'\n", "leaks.toml:1: [[waived]] has no 'reason'"),
    (waiver(reason=" "), "leaks.toml:4: 'reason' is empty"),
    (waiver(text="a ="), "leaks.toml:3: 'a =' is not Python; copy it from the finding"),
    (waiver() + "line = 3\n", "leaks.toml:5: unknown key 'line'"),
    ("[[allowed]]\nfile = 'a'\n", "leaks.toml:1: unknown key 'allowed'"),
    ("waived = 3\n", "leaks.toml:1: 'waived' is not a list of tables"),
    ("[[waived\n", "leaks.toml: is not TOML"),
])  # fmt: skip
def test_mistakes_in_leaks_toml_are_told_with_their_line(text, said, build, add):
    add(WAIVERS, text)
    (problem,) = build()
    assert problem.startswith(f"assignment/tiny/{said}")


def test_a_line_that_ships_word_by_word_is_told_once(leaking, build, add):
    add("assignment/tiny/handout.md", f"return {FORMULA}\n")
    told = [problem for problem in build() if "handout.md" in problem]
    assert len(told) == 1
    assert "a solution's line ships" in told[0]


@pytest.mark.parametrize(("file", "text"), [
    ("assignment/tiny/handout.md", "The answer: `exp(z - max(z)) / sum(exp(z))`.\n"),
    ("assignment/tiny/rubric/support/scaling.py", RENAMED.replace("norm", "helper")),
    ("solutions/tiny/shapes/__init__.py", "# np.exp(z - z.max()) / np.exp(z).sum()\n"),
    ("solutions/tiny/requirements.txt", "# np.exp(z - z.max()) / np.exp(z).sum()\n"),
    (SOLUTION, "\n\ndef given(z):\n    return np.exp(z - z.max()) / np.exp(z).sum()\n"),
])  # fmt: skip
def test_every_file_that_ships_is_searched(file, text, edit, add, build):
    edit(SOLUTION, SOLVED, NORM)
    add(file, text)
    (problem,) = build()
    assert f"/{file.rsplit('/', 1)[1]}:" in problem
    assert "ships with other names" in problem


def test_a_formula_in_a_module_of_the_tools_file_is_found_with_its_line(course, edit):
    edit(SOLUTION, SOLVED, NORM)
    tiny = load_assignment(course, "tiny")
    modules = tool_modules() | {"autograder/rubric/more.py": RENAMED.encode()}
    release = plan_release(tiny) | {"autograder.pyz": tool_file(modules)}
    found = [(problem.file, problem.line) for problem in leaks_in(tiny, release)]
    assert ("student_release/tiny/autograder.pyz/autograder/rubric/more.py", 4) in found
