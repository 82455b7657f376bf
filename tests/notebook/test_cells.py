"""What a cell's code says about itself."""

import ast

import pytest

from autograder.notebook.cells import (
    FastParameters,
    is_generated,
    mentions,
    names_assigned,
    names_filled,
    names_in_text,
)


def names(source, find=names_assigned):
    return set().union(*(find(statement) for statement in ast.parse(source).body))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b = 1", "a b"),
        ("(a, [b, *c]), d.e, f[0] = value", "a b c"),
        ("a: int = 1\nb: float", "a b"),
        ("a += 1", "a"),
        ("for a, b in rows:\n    c = 1\nelse:\n    d = 2", "a b c d"),
        ("with open('x') as a, open('y') as (b, c):\n    pass", "a b c"),
        ("def a(b):\n    c = 1\nclass D:\n    e = 1\nasync def f(): pass", "a D f"),
        ("import a.b, c as d\nfrom e import f, g as h", "a d f h"),
        ("if (a := 1) and [b := 2 for c in x]:\n    d = lambda e: (f := e)", "a b d"),
        ("try:\n    a = 1\nexcept E as error:\n    b = 2\nfinally:\n    c = 3", "a b c"),
        ("match x:\n    case [a, *b] as c: pass\n    case {'k': d, **e}: pass", "a b c d e"),
        ("squares = [i for i in x]\nf(a=1)\ng(x)", "squares"),
    ],
)
def test_names_that_a_cell_assigns(source, expected):
    assert names(source) == set(expected.split())


def test_names_that_a_cell_fills():
    source = "a.append(1)\nb['x'].extend(y)\nc[0] = 1\nd.z[1] += 2\ne.run()\nf = g.update(h)"
    assert names(source, names_filled) == set("abcdg")


def test_names_in_what_is_no_python():
    source = "def area(:\n    inner = 1\nwidth, height = 3, 4\nsize: int = (\nprint(x == 3)"
    assert names_in_text(source) >= {"area", "width", "height", "size"}
    assert not names_in_text(source) & {"x", "print"}


def test_words_are_whole():
    assert mentions("the list `history` of losses", "history")
    assert not mentions("prehistory history_of self.history", "history")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("EPOCHS = 30", {"EPOCHS": 2}),
        ("EPOCHS: int = 30", {"EPOCHS": 2}),
        ("EPOCHS, OTHER = 30, 64", {"EPOCHS": 2, "OTHER": 64}),
        ("EPOCHS = OTHER = 30", {"EPOCHS": 2, "OTHER": 30}),
        ("EPOCHS = 30\nEPOCHS += 10", {"EPOCHS": 2}),
        ("if True:\n    EPOCHS = 30\nelse:\n    EPOCHS = 40", {"EPOCHS": 2}),
        ("try:\n    EPOCHS = 1 / 0\nexcept ZeroDivisionError:\n    EPOCHS = 9", {"EPOCHS": 2}),
        ("for EPOCHS in [5, 6]:\n    pass", {"EPOCHS": 6}),
        ("def f():\n    EPOCHS = 30\n    return EPOCHS\nOTHER = f()", {"OTHER": 30}),
        ("class A:\n    EPOCHS = 30\nOTHER = A.EPOCHS", {"OTHER": 30}),
        ("OTHER = (lambda: (EPOCHS := 30))()", {"OTHER": 30}),
        ("RATES = [1]\nEPOCHS = 3", {"RATES": [0.5, 0.25], "EPOCHS": 2}),
        ("import math as EPOCHS\nOTHER = EPOCHS.pi > 3", {"OTHER": True}),
    ],
)
def test_fast_parameters_replace_top_level_assignments(source, expected):
    tree = FastParameters({"EPOCHS": 2, "RATES": [0.5, 0.25]}).visit(ast.parse(source))
    namespace = {}
    exec(compile(tree, "cell", "exec"), namespace)
    assert {name: namespace[name] for name in expected} == expected


def test_without_fast_parameters_nothing_is_changed():
    source = "EPOCHS = 30\nif EPOCHS:\n    x = 1"
    assert ast.dump(FastParameters({}).visit(ast.parse(source))) == ast.dump(ast.parse(source))


@pytest.mark.parametrize(
    ("source", "generated"),
    [
        ("import otter\nfrom autograder import live\nlive.watch()", True),
        ('# the checks\ngrader = otter.Notebook("analysis.ipynb")', True),
        ('grader.check("a1-mean")', True),
        ("grader.export(run_tests=True)", True),
        ("import otter, numpy", False),
        ("grader.check('a1')\nx = 1", False),
        ("model.check('a1')", False),
        ("from autograder import live, run", False),
        ("", False),
        ("# only words", False),
        ("grader.check(", False),
        ('import sys\nsys.path.insert(0, "autograder.pyz")\nimport otter', True),
        ("import sys", False),
        ('sys.path.insert(0, "autograder.pyz")', False),
        ('import sys\nsys.path.insert(0, "helpers")', False),
    ],
)
def test_generated_cells_are_recognised(source, generated):
    assert is_generated(source) is generated
