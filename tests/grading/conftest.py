"""A course with two notebooks and two groups of packages, each with public and hidden tests."""

import json

import pytest

from autograder.assignment import load_assignment

NAMES = ("plain", "programs", "first", "second")
"""What its items are judged by: packages, packages with `exec`, and two notebooks."""
TOML = """
[assignment]
id = "mixed"
title = "Two notebooks and two groups of packages"
course = "A course for tests"

[[package]]
path = "numbers_of/"

[[notebook]]
path = "first.ipynb"
timeout_s = 40
cell_timeout_s = 20

[[notebook]]
path = "second.ipynb"
timeout_s = 40
cell_timeout_s = 20

[submission]
files = ["claims/*.json"]

[[problem]]
id = "m1"
title = "Doubles"
points = 5

[[item]]
id = "m1-why"
problem = "m1"
title = "Why"
points = 1
kind = "written"
notebook = "first.ipynb"
"""
ITEM = """
[[item]]
id = "m1-{name}"
problem = "m1"
title = "Doubles of {name}"
points = 1
kind = "auto"
timeout_s = 10
{more}
"""
TEST = '''

@pytest.mark.item("m1-{name}")
def test_{kind}_{name}(student):
    """double(x) is twice x."""
    check(student.{where}.double({x}), "double(x)").equals({double})
'''
DOUBLE = "def double(x):\n    return 2 * x\n"


@pytest.fixture
def mixed(tmp_path):
    """The course, and its complete solution."""
    home = tmp_path / "course" / "assignment" / "mixed"
    (home / "rubric").mkdir(parents=True)
    more = {"plain": "", "programs": 'banned_imports = ["scipy"]',
            "first": 'notebook = "first.ipynb"', "second": 'notebook = "second.ipynb"'}  # fmt: skip
    # The items of one group do not follow each other: their turns do.
    items = [ITEM.format(name=name, more=more[name]) for name in NAMES]
    (home / "assignment.toml").write_text(TOML + "".join(items))
    for kind, end, x in (("public", "", 3), ("hidden", "_hidden", 1021)):
        text = '"""Checks."""\n\nimport pytest\n\nfrom autograder.rubric import check\n'
        for name in NAMES:
            where = name if name in ("first", "second") else "numbers_of.doubles"
            text += TEST.format(name=name, kind=kind, where=where, x=x, double=2 * x)
        (home / "rubric" / f"test_doubles{end}.py").write_text(text)
    solution = tmp_path / "somebody"
    (solution / "numbers_of").mkdir(parents=True)
    (solution / "numbers_of" / "__init__.py").touch()
    (solution / "numbers_of" / "doubles.py").write_text(DOUBLE)
    for name in ("first", "second"):
        cell = {"cell_type": "code", "source": DOUBLE, "metadata": {}, "outputs": []}
        document = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (solution / f"{name}.ipynb").write_text(json.dumps(document))
    return load_assignment(tmp_path / "course", "mixed"), solution
