"""An import that fails costs its names only, and whatever misses them names it first."""

import pytest

from autograder.rubric.failures import BECAUSE
from autograder.rubric.student import StudentError

LACKING = "a_library_that_grading_lacks"
SAYS = f"ModuleNotFoundError: No module named '{LACKING}'"


def said(use):
    with pytest.raises(StudentError) as caught:
        use()
    return str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        f"import {LACKING}",
        f"import {LACKING} as lib",
        f"import {LACKING}.sub.module as lib",
        f"from {LACKING} import one, two",
        f"from {LACKING} import *",
        "from math import a_name_that_is_not_there",
        "import decimal",  # which is banned below
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_other_imports_and_lines_of_the_cell_are_there(run, line, place):
    lines = ["import json", "from math import sqrt", "STEPS = 8"]
    lines.insert(place, line)
    done = run("\n".join(lines), "def text(x):\n    return json.dumps(sqrt(x))")
    assert done.blame.value("text")(4) == "2.0" and done.blame.value("STEPS") == 8


@pytest.mark.parametrize(
    "line",
    ["1 / 0", "raise OSError('no such style')", "undefined()", "open('nowhere')", "assert False"],
)
def test_imports_below_a_line_that_fails_are_there_and_the_rest_is_owed_to_it(run, line):
    done = run(f"{line}\nx = 1\nimport json\nfrom math import sqrt as root", "y = x")
    assert done.blame.value("root")(4) == 2 and done.blame.value("json")
    assert len(done.failures) == 2
    for name in ("x", "y"):
        with pytest.raises(type(done.failures[0].error)):
            done.blame.value(name)


def test_what_the_missing_library_was_for_is_passed_over_and_the_rest_is_run(run):
    done = run(
        f"import {LACKING} as sns\nsns.set_theme()\npalette = sns.palette(3)\nSTEPS = 8",
        "sns.set_style('dark')\nrate = 0.1",
    )
    assert (done.blame.value("STEPS"), done.blame.value("rate")) == (8, 0.1)
    for name in ("sns", "palette"):
        with pytest.raises(ModuleNotFoundError):
            done.blame.value(name)
    assert [failure.cell.number for failure in done.failures] == [1, 2]


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt])
def test_nothing_is_run_below_what_ends_the_program(run, kind):
    done = run(f"x = 1\nraise {kind.__name__}\nimport json\ny = 2")
    assert done.blame.value("x") == 1
    for name in ("json", "y"):
        with pytest.raises(kind):
            done.blame.value(name)


def test_a_name_that_a_function_misses_is_traced_to_its_import(hand_in):
    student = hand_in(
        f"import json\nimport {LACKING} as sns",
        "def heat(x):\n    return sns.heatmap(x)",
        "def draw(x):\n    return heat(x)",
    )
    for name in ("heat", "draw"):
        lines = said(lambda name=name: getattr(student.analysis, name)([1])).splitlines()
        assert lines[0] == f"analysis.ipynb, cell 1 raised {SAYS}"
        assert lines[1] == f"  analysis.ipynb, cell 1, line 2: import {LACKING} as sns"
        assert lines[2] == (
            f"Because of this, analysis.{name} raised NameError: name 'sns' is not defined"
        )
        assert "cell 2, line 2, in heat: return sns.heatmap(x)" in lines[-1]


def test_a_name_that_a_function_misses_is_traced_to_the_cell_that_failed(hand_in):
    student = hand_in(
        "limit = 1 / 0\nother = 2",
        "class Model:\n    def size(self):\n        return other\n",
        "def size():\n    return Model().size() + limit",
    )
    text = said(student.analysis.size)
    assert text.startswith("analysis.ipynb, cell 1 raised ZeroDivisionError: division by zero\n")
    assert "\nBecause of this, analysis.size raised NameError: name 'other'" in text


def test_a_name_that_a_stub_should_make_is_not_attempted(hand_in):
    student = hand_in(
        "raise NotImplementedError('a1/mean: write its cell')\nmean = 1",
        "def twice():\n    return 2 * mean",
    )
    with pytest.raises(StudentError) as caught:
        student.analysis.twice()
    assert caught.value.not_attempted
    assert str(caught.value).startswith("a1/mean: write its cell\nBecause of this, ")


@pytest.mark.parametrize(
    "body",
    ["return undefined", "raise NameError('my own')", "return 1 / 0", "del limit; return limit"],
)
def test_errors_that_follow_from_nothing_have_no_cause(hand_in, body):
    student = hand_in(f"import {LACKING}", f"limit = 3\ndef f(limit):\n    {body}")
    with pytest.raises(StudentError) as caught:
        student.analysis.f(1)
    assert caught.value.cause is None and BECAUSE not in str(caught.value)


def test_a_check_that_something_is_raised_is_not_met_by_a_missing_import(hand_in):
    student = hand_in(f"import {LACKING} as lib", "def f(x):\n    return lib.f(x)")
    assert said(lambda: student.raises(student.analysis.f, 1)).startswith("analysis.ipynb, cell 1")


def test_no_figure_is_there_for_the_reason_of_the_cell_that_draws(hand_in):
    student = hand_in(
        f"import matplotlib.pyplot as plt\nimport {LACKING} as sns",
        "fig, ax = plt.subplots()\nsns.heatmap([[1]], ax=ax)\nplt.show()\nplt.close('all')",
        "figure = sns.plot([1])",
    )
    text = said(lambda: student.figures("analysis").missing("the map", ["heatmap"], "is missing"))
    assert text.startswith(f"analysis.ipynb, cell 1 raised {SAYS}\n")
    student = hand_in(f"import {LACKING} as sns", "sns.plot([1])")
    text = said(lambda: student.figures("analysis"))
    assert text.startswith(f"analysis.ipynb, cell 1 raised {SAYS}\n")
    assert text.endswith("\nBecause of this, a figure of analysis is missing.")


def test_input_is_named_where_a_function_asks(hand_in):
    student = hand_in(
        "def ask():\n    return int(input('n: '))", "def other():\n    return 1 / 0", "x = input()"
    )
    assert said(student.analysis.ask).startswith(
        "analysis.ipynb, cell 1 raised Unanswered: input() cannot be answered"
    )
    assert said(student.analysis.other).startswith("analysis.other raised ZeroDivisionError")


@pytest.mark.parametrize(
    "line", ["import json", "import json as j", "from json import dumps, loads", "import a, json.b"]
)
def test_names_of_imports_in_a_cell_that_is_no_python_are_owed_to_it(hand_in, line):
    name = {"import json as j": "j", "from json import dumps, loads": "loads"}.get(line, "json")
    student = hand_in(f"{line}  # words\nx = (", f"def f():\n    return {name}")
    text = said(student.analysis.f)
    assert text.startswith("analysis.ipynb, cell 1 raised SyntaxError: ")
    assert f"\nBecause of this, analysis.f raised NameError: name '{name}'" in text
