"""A notebook behind the student handle means the same in this process and in a worker."""

import numpy as np
import pytest

from autograder.rubric.student import RemoteRef, StudentError


def test_variables_and_functions_are_reached_as_those_of_a_module(hand_in):
    student = hand_in(
        "import numpy as np\nweights = np.arange(3.0)",
        "def scaled(by):\n    return weights * by\nname = 'three'",
    )
    assert student.analysis.name == "three"
    assert student.analysis.weights.tolist() == [0, 1, 2]
    assert student.analysis.scaled(2).tolist() == [0, 2, 4]
    student.analysis.weights = np.ones(2)
    assert student.analysis.scaled(3).tolist() == [3, 3]


def test_a_cell_that_raises_costs_only_what_depends_on_it(hand_in):
    student = hand_in("first = 1", "second = 1 / 0\nthird = 3", "fourth = 4", "fifth = third + 1")
    assert (student.analysis.first, student.analysis.fourth) == (1, 4)
    for name in ("second", "third", "fifth"):
        with pytest.raises(StudentError) as caught:
            getattr(student.analysis, name)
        assert str(caught.value) == (
            "analysis.ipynb, cell 2 raised ZeroDivisionError: division by zero\n"
            "  analysis.ipynb, cell 2, line 1: second = 1 / 0\n"
            f"Because of this, analysis.{name} is missing."
        )


def test_an_error_in_a_function_names_the_lines_of_its_cell(hand_in):
    student = hand_in("import math", "def root(x):\n    return math.sqrt(x)", "values = [1]")
    with pytest.raises(StudentError) as caught:
        student.analysis.root(-1.0)
    assert "\n  analysis.ipynb, cell 2, line 2, in root: return math.sqrt(x)" in str(caught.value)


def test_a_stub_is_not_attempted(hand_in):
    student = hand_in(
        "def train():\n    raise NotImplementedError('a1/train: write train in analysis.ipynb')",
        "history = train()",
        "last = history[-1]",
    )
    for name in ("history", "last"):
        with pytest.raises(StudentError, match=r"^a1/train: write train in analysis\.ipynb$") as e:
            getattr(student.analysis, name)
        assert e.value.not_attempted


def test_a_name_that_no_cell_assigns_is_missing(hand_in):
    student = hand_in("history = []")
    with pytest.raises(StudentError) as caught:
        student.analysis.histroy
    assert str(caught.value) == (
        "analysis.histroy is missing: analysis.ipynb defines no `histroy`; did you mean `history`?"
    )
    assert not caught.value.not_attempted


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"nbformat": 3, "worksheets": []}'])
def test_a_file_that_is_no_notebook_says_so_in_one_sentence(hand_in, text):
    student = hand_in(text=text)
    for use in (lambda: student.analysis.x, lambda: student.figures("analysis")):
        with pytest.raises(StudentError, match=r"^analysis\.ipynb [^\n]*\.$") as caught:
            use()
        assert caught.value.kind == "NotebookUnreadable"


def test_a_cell_that_takes_too_long_is_stopped_and_the_next_one_runs(hand_in):
    student = hand_in("while True:\n    pass", "after = 2", cell_timeout_s=0.5)
    assert student.analysis.after == 2
    student = hand_in("before = 1\nwhile True:\n    pass\nlost = 3", cell_timeout_s=0.5)
    assert student.analysis.before == 1
    with pytest.raises(StudentError) as caught:
        student.analysis.lost
    assert caught.value.timed_out
    words = "analysis.lost is missing: cell 1 of analysis.ipynb was still running after 0.5 s\n"
    assert str(caught.value).startswith(words)


def test_figures_come_as_data(hand_in):
    student = hand_in(
        "import matplotlib.pyplot as plt",
        "plt.plot([1, 2], [3, 4], label='train')\nplt.title('Loss')\nplt.legend()\nplt.show()",
    )
    [figure] = student.figures("analysis")
    [axes] = figure["axes"]
    assert (figure["cell"], axes["title"], axes["legend"]) == (2, "Loss", ["train"])
    assert axes["lines"][0]["y"].tolist() == [3, 4]


def test_figures_of_a_call_come_as_data(hand_in):
    student = hand_in(
        "import matplotlib.pyplot as plt\ndef draw(y):\n    plt.plot(y)\n    plt.show()",
        "draw([1])",
    )
    [figure] = student.drawn(student.analysis.draw, [5, 6, 7])
    assert figure["axes"][0]["lines"][0]["y"].tolist() == [5, 6, 7]
    assert len(student.figures("analysis")) == 1


def test_output_is_kept_by_cell(hand_in):
    student = hand_in("x = 2", "print('hello')\nx + 1")
    assert student.output("analysis") == {2: "hello\n3\n"}


def test_failures_tell_what_went_wrong_where(hand_in):
    student = hand_in("# %% [markdown]\nDivide.", "x = 1 / 0")
    [failure] = student.failures("analysis")
    assert (failure.cell, failure.text, failure.above) == (1, "x = 1 / 0", "Divide.")
    assert failure.error.kind == "ZeroDivisionError"


def test_modules_beside_the_notebook_are_the_students(hand_in):
    student = hand_in(
        "from shapes import area\nresult = area(3)",
        modules={"shapes.py": "def area(side):\n    return side * side\n"},
    )
    assert student.analysis.result == 9
    assert student.shapes.area(2) == 4


def test_what_may_not_be_imported_is_refused_with_its_place(hand_in):
    student = hand_in("x = 1", "import json\nimport decimal\ny = 2", banned_imports=["decimal"])
    assert student.analysis.x == 1 and student.analysis.y == 2
    with pytest.raises(StudentError) as caught:
        student.analysis.decimal
    words = "analysis.ipynb, cell 2, line 2 imports decimal, which may not be used anywhere in"
    assert str(caught.value) == f"{words} analysis."


def test_claims_of_the_run_and_of_the_submission_are_told_apart(hand_in):
    student = hand_in(
        "from autograder.claims import save_claims",
        "class Data:\n    name, kind, sha256 = 'toy', 'stand-in', '0' * 64",
        "import numpy as np\nsave_claims('a1', {'W': np.eye(2)}, data=Data(), accuracy=12.5)",
    )
    assert student.claims("a1", rerun=True)["numbers"] == {"accuracy": 12.5}
    with pytest.raises(StudentError, match=r"claims/a1\.json is missing") as caught:
        student.claims("a1")
    assert caught.value.not_attempted


def test_claims_that_the_run_could_not_write_are_missing_for_that_reason(hand_in):
    student = hand_in(
        "from autograder.claims import save_claims",
        "def train():\n    raise NotImplementedError('a1/train: write train')\nmodel = train()",
        "save_claims('a1', model, data=None)",
    )
    with pytest.raises(StudentError, match=r"^a1/train: write train$"):
        student.claims("a1", rerun=True)


def test_modules_that_a_notebook_writes_can_be_imported(hand_in):
    student = hand_in("%%writefile written_here.py\nx = 3", "from written_here import x")
    assert student.analysis.x == 3


def test_arrays_come_out_of_whatever_holds_them(hand_in):
    student = hand_in(
        "import numpy as np\nrows = [[1, 2], [3, 4]]\nnames = ['a']\nragged = [[1], []]"
    )
    assert student.array(student.place([[1, 2], [3, 4]])).tolist() == [[1, 2], [3, 4]]
    assert student.array(student.analysis.rows).shape == (2, 2)
    for name in ("names", "ragged"):
        with pytest.raises(StudentError, match="is not an array of numbers"):
            student.array(getattr(student.analysis, name))


@pytest.mark.slow
def test_tensors_go_there_and_come_back(hand_in):
    pytest.importorskip("torch")
    student = hand_in("import torch\nmodel = torch.nn.Linear(2, 1, bias=False)")
    model = student.analysis.model
    assert isinstance(model, RemoteRef)
    W = student.state(model)["weight"]
    x = np.array([[1.0, 2.0]])
    y = student.array(model(student.torch(x)))
    np.testing.assert_allclose(y, x @ W.T, rtol=1e-5)


def test_temporary_files_have_a_place(hand_in):
    student = hand_in(
        "import tempfile\nwith tempfile.NamedTemporaryFile() as file:\n    made = file.name",
        "import os\nopen('here.txt', 'w').close()\nthere = os.path.exists('here.txt')",
    )
    assert student.analysis.made and student.analysis.there


def test_the_source_of_classes_and_functions_of_a_notebook_can_be_read(hand_in):
    student = hand_in(
        "import inspect\nclass Net:\n    size = 3\n    def forward(self, x):\n        return x",
        "class Bare:\n    size = 4",
        "class Net(Net):\n    def backward(self):\n        return 1",
        "def f(x):\n    return x\n\nsources = [inspect.getsource(Net), inspect.getsource(f)]",
        "def source_of(name):\n    return inspect.getsource(globals()[name])",
    )
    net, f = (
        "class Net(Net):\n    def backward(self):\n        return 1\n",
        "def f(x):\n    return x\n",
    )
    assert student.analysis.sources == [net, f]
    assert student.analysis.source_of("Net") == net
    assert student.analysis.source_of("Bare") == "class Bare:\n    size = 4\n"
    assert student.analysis.inspect.getsource(student.analysis.Net) == net
