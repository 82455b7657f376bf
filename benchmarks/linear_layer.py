"""The assignment that is graded in `otter_comparison`: a linear layer in two questions.

Each check is written once, as the body of a function over `forward` or `backward`; this module
wraps it as a test of this tool's rubric and as a test cell of an otter master notebook. One test
in each question is hidden.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

POINTS = 4.0


@dataclass(frozen=True)
class Question:
    """A function that students write, with a solution and two tests worth a point each.

    Attributes:
        name: the function's name.
        parameters: as in its signature.
        body: the solution.
        setup: draws the inputs and calls the function, called `function` there.
        checks: got, expected and the name of what is checked, for each of the two tests.
    """

    name: str
    parameters: str
    body: str
    setup: str
    checks: tuple[tuple[tuple[str, str, str], ...], tuple[tuple[str, str, str], ...]]


FORWARD = Question(
    name="forward",
    parameters="X, W, b",
    body="return X @ W.T + b",
    setup="""\
        X, W = rng.normal(size=(5, 4)), rng.normal(size=(3, 4))
        b = rng.normal(size=3)
        Z = function(X, W, b)
        Z_one = function(X[:1], W, b)
        """,
    checks=(
        (("Z", "X @ W.T + b", "Z"), ("Z_one", "X[:1] @ W.T + b", "Z of one row")),
        (("function(-X, W, 0 * b)", "-X @ W.T", "Z of -X"),),
    ),
)
BACKWARD = Question(
    name="backward",
    parameters="dZ, X, W",
    body="return dZ @ W, dZ.T @ X, dZ.sum(axis=0)",
    setup="""\
        X, W = rng.normal(size=(5, 4)), rng.normal(size=(3, 4))
        dZ = rng.normal(size=(5, 3))
        dX, dW, db = function(dZ, X, W)
        """,
    checks=(
        (("dX", "dZ @ W", "dL/dX"), ("db", "dZ.sum(axis=0)", "dL/db")),
        (
            ("dW", "dZ.T @ X", "dL/dW"),
            ("function(2 * dZ, X, W)[1]", "2 * dZ.T @ X", "dL/dW of 2dZ"),
        ),
    ),
)
QUESTIONS = (FORWARD, BACKWARD)


def write_course(course: Path, assignment: str) -> None:
    """Write the assignment as a course of this tool: `assignment/<id>/` and `solutions/<id>/`."""
    rubric = course / "assignment" / assignment / "rubric"
    package = course / "solutions" / assignment / "layers"
    rubric.mkdir(parents=True)
    package.mkdir(parents=True)
    (rubric.parent / "assignment.toml").write_text(_spec(assignment))
    (rubric.parent / "handout.md").write_text("# A linear layer\n")
    (rubric / "test_linear.py").write_text(_rubric(0))
    (rubric / "test_linear_hidden.py").write_text(_rubric(1))
    (package / "__init__.py").write_text('"""Layers."""\n')
    (package / "linear.py").write_text(_module())
    (package.parent / "requirements.txt").write_text("numpy\npytest\n")


def _spec(assignment: str) -> str:
    items = "".join(
        f'\n[[item]]\nid = "q-{question.name}"\nproblem = "q"\ntitle = "{question.name}"\n'
        f'points = {POINTS / 2}\nkind = "auto"\n'
        for question in QUESTIONS
    )
    return (
        f'[assignment]\nid = "{assignment}"\ntitle = "A linear layer"\ncourse = "Benchmark"\n\n'
        '[[package]]\npath = "layers/"\ngiven = ["layers/__init__.py"]\n\n'
        '[release]\ncopy = ["requirements.txt"]\n\n'
        f'[[problem]]\nid = "q"\ntitle = "A linear layer"\npoints = {POINTS}\n{items}'
    )


def _module() -> str:
    parts = ['"""Forward and backward of a linear layer."""\n']
    for question in QUESTIONS:
        parts.append(
            f"\n\ndef {question.name}({question.parameters}):\n"
            f'    """The layer\'s {question.name} pass."""\n'
            f"    # BEGIN SOLUTION q-{question.name}\n"
            f"    {question.body}\n"
            f"    # END SOLUTION\n"
        )
    return "".join(parts)


def _rubric(which: int) -> str:
    kind = ("Public", "Hidden")[which]
    parts = [f'"""{kind} checks."""\n\nimport pytest\n\nfrom autograder.rubric import check\n']
    for question in QUESTIONS:
        checks = "".join(
            f'check({got}, "{name}").close({expected})\n'
            for got, expected, name in question.checks[which]
        )
        body = f"function = student.layers.linear.{question.name}\n{dedent(question.setup)}{checks}"
        parts.append(
            f'\n\n@pytest.mark.item("q-{question.name}")\n'
            f"def test_{question.name}_{kind.lower()}(student, rng):\n"
            f'    """{kind} check of {question.name}."""\n{indent(body, "    ")}'
        )
    return "".join(parts)


def write_master_notebook(path: Path) -> None:
    """Write the assignment as a master notebook for `otter assign`."""
    cells = [
        _raw("# ASSIGNMENT CONFIG\nname: layers\ngenerate: true\ntests:\n  ok_format: false\n"),
        _code("import numpy as np"),
    ]
    for question in QUESTIONS:
        solution = (
            f"def {question.name}({question.parameters}):\n"
            f'    """The layer\'s {question.name} pass."""\n'
            f"    {question.body} # SOLUTION"
        )
        cells += [
            _raw(f"# BEGIN QUESTION\nname: {question.name}\n"),
            _raw("# BEGIN SOLUTION"),
            _code(solution),
            _raw("# END SOLUTION"),
            _raw("# BEGIN TESTS"),
            _code(_otter_test(question, 0)),
            _code(_otter_test(question, 1)),
            _raw("# END TESTS"),
            _raw("# END QUESTION"),
        ]
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": {"display_name": "", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    path.write_text(json.dumps(notebook))


def _otter_test(question: Question, which: int) -> str:
    checks = "".join(
        f'np.testing.assert_allclose({got}, {expected}, rtol=1e-6, atol=1e-9, err_msg="{name}")\n'
        for got, expected, name in question.checks[which]
    )
    body = f"rng = np.random.default_rng()\nfunction = {question.name}\n"
    body += dedent(question.setup) + checks
    hidden = ("false", "true")[which]
    return (
        f'""" # BEGIN TEST CONFIG\npoints: 1\nhidden: {hidden}\n""" # END TEST CONFIG\n'
        f"def test_{which}({question.name}, np):\n{indent(body, '    ')}"
        f"test_{which}({question.name}, np) # IGNORE\n"
    )


def _raw(source: str) -> dict[str, object]:
    return {"cell_type": "raw", "metadata": {}, "source": source}


def _code(source: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
