"""In Jupyter the public checks run on what is there, and say what they say under pytest."""

import json
import os
import shutil
import subprocess
import sys
import types

import pytest

from autograder import live
from autograder.live import watching
from autograder.notebook.libraries import BACKEND
from autograder.notebook.shell import forget_shell, make_shell
from autograder.release import plan_release, solution_files, write_release

CHECKS = '''
import pytest
from autograder.rubric import check

@pytest.fixture
def values(rng):
    return rng.uniform(1, 2, size=3)

@pytest.mark.item("a1")
def test_mean(student, values):
    """mean is the mean."""
    check(student.analysis.mean(values), "mean").close(values.mean(), hints={"sum": values.sum()})

@pytest.mark.item("a1")
@pytest.mark.parametrize("power", [1, 2, 3, 4, 5])
def test_powers(student, power):
    check(student.analysis.raised(2.0, power), f"raised to {power}").close(2.0**power)

@pytest.mark.item("a1")
def test_figure(student):
    check(len(student.figures("analysis")), "the number of figures").equals(1)

@pytest.mark.item("a1")
def test_drawing(student):
    check(len(student.drawn(student.analysis.draw)), "the number of figures drawn").equals(1)

@pytest.mark.item("a1")
def test_history(student):
    check(student.analysis.history, "history").equals([1, 2])

@pytest.mark.item("a1")
def test_output(student):
    texts = "".join(student.output("analysis").values())
    check("hello" in texts, "that hello is printed").is_true()

class TestGroup:
    def test_inner(self, student):
        student.shapes.area(2)

def test_of_ours(student):
    {}["a mistake of the rubric's"]
'''
DESCRIPTION = {
    "packages": {"shapes": {"path": "shapes", "banned_imports": []}},
    "notebooks": {"analysis": {"path": "analysis.ipynb", "fast": {}}},
}


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A release with checks, the present folder."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(CHECKS)
    (tmp_path / "tests" / "assignment.json").write_text(json.dumps(DESCRIPTION))
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "__init__.py").write_text("def area(side):\n    return 1 / 0\n")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    sys.modules.pop("shapes", None)


@pytest.fixture
def session():
    """A student's session: runs cells, and is watched."""
    pytest.importorskip("matplotlib.pyplot").switch_backend("agg")
    module = types.ModuleType("__main__")
    shell = make_shell(module, [])
    shell.display_formatter.formatters["text/plain"].type_printers.clear()
    watching.watch()
    watch = watching.present_watch()

    def run(source, cell_id=None):
        shell.execution_count += 1
        shell.run_cell(source, cell_id=cell_id)
        return watch

    run.variables = module.__dict__
    yield run
    forget_shell()


def failure(test, variables, kind=live.NotebookCheckFailed):
    with pytest.raises(kind) as caught:
        live.run_check("test_it.py", test, variables)
    assert type(caught.value) is kind
    return str(caught.value)


def test_a_check_that_passes_says_nothing(release):
    live.run_check("test_it.py", "test_mean", {"mean": lambda values: values.mean()})


@pytest.mark.parametrize("name", ["Deep [2026]", "[a", "b]", "[]", "a::b[c]"])
def test_a_folder_may_have_brackets_in_its_name(release, monkeypatch, name):
    shutil.copytree(release / "tests", release / name / "tests")
    monkeypatch.chdir(release / name)
    live.run_check("test_it.py", "test_mean", {"mean": lambda values: values.mean()})
    assert "hint: sum" in failure("test_mean", {"mean": lambda values: values.sum()})


def test_a_check_that_fails_says_its_words(release):
    said = failure("test_mean", {"mean": lambda values: values.sum()})
    assert said.startswith("mean is wrong: got ") and said.endswith("\n  hint: sum")


def test_a_stub_is_not_attempted(release):
    def mean(values):
        raise NotImplementedError("a1: write mean in analysis.ipynb")

    said = failure("test_mean", {"mean": mean}, live.NotAttempted)
    assert said == "a1: write mean in analysis.ipynb"


def test_all_cases_run_and_some_of_the_failing_ones_are_shown(release):
    live.run_check("test_it.py", "test_powers", {"raised": lambda x, power: x**power})
    said = failure("test_powers", {"raised": lambda x, power: x})
    assert said.splitlines() == [
        "[2] raised to 2 is wrong: got 2, expected 4",
        "[3] raised to 3 is wrong: got 2, expected 8",
        "[4] raised to 4 is wrong: got 2, expected 16",
        "and 1 more cases fail",
    ]


def test_what_is_not_there_yet_is_said(release):
    said = failure("test_history", {})
    assert said == (
        "analysis.history is missing: `history` does not exist yet; run the cell that assigns it."
    )


def test_packages_are_the_students_own_and_errors_name_their_lines(release):
    said = failure("TestGroup::test_inner", {})
    assert said.startswith("shapes.area raised ZeroDivisionError")
    assert "shapes/__init__.py, line 2, in area: return 1 / 0" in said


def test_a_mistake_of_the_check_is_short(release):
    assert failure("test_of_ours", {}) == 'KeyError: "a mistake of the rubric\'s"'


def test_a_check_that_is_not_there_says_so(release):
    assert "the check test_nothing did not run" in failure("test_nothing", {})
    (release / "tests" / "assignment.json").unlink()
    with pytest.raises(live.NotebookCheckFailed, match="unpack the release once more"):
        live.run_check("test_it.py", "test_mean", {})


def test_what_looks_like_html_is_shown_as_it_is(release):
    def mean(values):
        raise ValueError("<b>bold</b> 1 < 2")

    assert "‹b>bold‹/b> 1 < 2" in failure("test_mean", {"mean": mean})


def test_a_check_changes_nothing_in_the_session(release, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--nonsense")
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    before = (list(sys.meta_path), sys.stdout, [os.environ.get(name) for name in names])
    live.run_check("test_it.py", "test_mean", {"mean": lambda values: values.mean()})
    after = (list(sys.meta_path), sys.stdout, [os.environ.get(name) for name in names])
    assert after == before


def test_figures_are_kept_by_cell_and_replaced_when_it_runs_again(release, session):
    session("import matplotlib.pyplot as plt")
    session("plt.plot([1, 2])\nplt.show()", "a")
    live.run_check("test_it.py", "test_figure", session.variables)
    session("plt.plot([1, 2, 3])\nplt.show()", "a")
    watch = session("1 + 1", "b")
    live.run_check("test_it.py", "test_figure", session.variables)
    [figure] = [figure for cell in watch.cells.values() for figure in cell.recorder.figures]
    assert len(figure["axes"][0]["lines"][-1]["x"]) == 3
    session("plt.figure()\nplt.show()", "c")
    assert failure("test_figure", session.variables) == (
        "the number of figures is wrong: got 2, expected 1"
    )
    session("plt.close('all')", "c")
    live.run_check("test_it.py", "test_figure", session.variables)


def test_a_figure_that_stays_open_counts_once(release, session):
    session("import matplotlib.pyplot as plt\nplt.plot([1])", "a")
    session("x = 1", "b")
    live.run_check("test_it.py", "test_figure", session.variables)
    session("plt.close('all')", "c")


def test_a_check_that_draws_leaves_the_session_its_backend(release, session):
    session("import matplotlib.pyplot as plt")
    session("def draw():\n    plt.figure()\n    plt.show()", "a")
    session("plt.figure()", "b")  # open, and not drawn by what is checked
    backend, use = sys.modules["matplotlib"].get_backend(), sys.modules["matplotlib"].use
    for _ in range(2):
        live.run_check("test_it.py", "test_drawing", session.variables)
    assert sys.modules["matplotlib"].get_backend() == backend != BACKEND
    assert sys.modules["matplotlib"].use is use
    session("plt.close('all')", "c")


def test_figures_that_are_displayed_are_kept(release, session):
    session("import matplotlib.pyplot as plt\nfigure = plt.figure()\nplt.close(figure)", "a")
    session("figure", "b")
    live.run_check("test_it.py", "test_figure", session.variables)


def test_output_is_kept(release, session, capsys):
    session("print('hel' + 'lo')", "a")
    live.run_check("test_it.py", "test_output", session.variables)
    assert "hello" in capsys.readouterr().out
    session("1", "a")
    session("'hello'", "b")
    live.run_check("test_it.py", "test_output", session.variables)


def test_a_cell_that_raised_is_named(release, session):
    session("history = 1 / 0", "a")
    said = failure("test_history", session.variables)
    assert "raised ZeroDivisionError: division by zero\n" in said
    assert said.endswith("\nBecause of this, analysis.history is missing.")
    session("history = [1, 2]", "a")
    live.run_check("test_it.py", "test_history", session.variables)


def test_without_ipython_there_is_nothing_to_watch():
    forget_shell()
    live.watch()


@pytest.mark.slow
@pytest.mark.parametrize("state", ["release", "complete"])
def test_otter_shows_the_words_in_a_real_kernel(course, tmp_path, state):
    """The tiny notebook of the tests, in a kernel with the inline backend."""
    for name in ("otter", "ipykernel", "nbclient", "matplotlib"):
        pytest.importorskip(name)
    from autograder.assignment import load_assignment

    noted = load_assignment(course, "noted")
    folder = tmp_path / state
    write_release(plan_release(noted), folder)
    if state == "complete":
        for path, data in solution_files(noted).items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(data)
    code = (
        "import nbformat, nbclient\n"
        "book = nbformat.read('squares.ipynb', 4)\n"
        "nbclient.NotebookClient(book, allow_errors=True, timeout=120).execute()\n"
        "for cell in book.cells:\n"
        "    if cell.source.startswith('grader.check'):\n"
        "        print(cell.outputs[0]['data']['text/plain'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    if state == "complete":
        assert done.stdout.splitlines() == [
            "n1-mean results: All test cases passed!",
            "n1-figure results: All test cases passed!",
        ]
    else:
        assert "noted/n1-mean: write mean_of in squares.ipynb" in done.stdout
        for noise in ("Traceback", "Error at line", "live.run_check"):
            assert noise not in done.stdout
