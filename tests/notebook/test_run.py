"""A notebook runs from a clean start, in this process, and leaves the process as it was."""

import os
import signal
import subprocess
import sys
import threading
import time
import warnings

import pytest

from autograder.notebook.surroundings import CellTimeout


def missing(run, name):
    """The error that asking for a variable raises."""
    with pytest.raises(BaseException) as caught:  # noqa: PT011
        run.blame.value(name)
    return caught.value


def test_cells_run_in_order_in_one_namespace(run):
    done = run("x = 1", "x = x + 1", "def f():\n    return x")
    assert done.blame.value("x") == 2 and done.blame.value("f")() == 2
    assert done.failures == []


def test_the_notebook_is_main(run):
    done = run(
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    b: 'int' = 1",
        "import pickle\nkept = pickle.loads(pickle.dumps(A(3))).b",
        "is_main = __name__ == '__main__'",
    )
    assert done.blame.value("kept") == 3 and done.blame.value("is_main")
    assert sys.modules["__main__"] is not done.module


def test_generated_cells_are_not_run(run):
    done = run(
        "import otter\nfrom autograder import live\nlive.watch()\n"
        "grader = otter.Notebook('analysis.ipynb')",
        "import otter\ngrader.check('a1')\nx = 1",
        "grader.check('a1')",
        "print(grader.check_all(), grader.export('a'), live.watch())",
    )
    assert done.failures == [] and done.blame.value("x") == 1
    assert "otter" not in sys.modules or not isinstance(done.blame.value("otter"), type(sys))


@pytest.mark.parametrize(
    ("source", "name", "value"),
    [
        ("%matplotlib inline\nx = 1", "x", 1),
        ("%matplotlib widget\n%config InlineBackend.figure_format = 'retina'\nx = 1", "x", 1),
        ("%time x = 1", "x", 1),
        ("%%time\nx = 1", "x", 1),
        ("\n\n%%time\n\nx = 1", "x", 1),
        ("%%capture\nprint('kept away')\nx = 1", "x", 1),
        ("%%capture said\nprint('kept')\nx = 1", "x", 1),
        ("%%timeit -n 1 -r 1\ny = 1", "In", None),
        ("x = %timeit -n1 -r1 -o 1\nx = x.loops", "x", 1),
        ("%load_ext autoreload\n%autoreload 2\nx = 1", "x", 1),
        ("%load_ext nothing_of_that_name\n%unknown_magic now\nx = 1", "x", 1),
        ("!pip install -q numpy\nx = 1", "x", 1),
        ("%pip install numpy\n%conda install numpy\nx = 1", "x", 1),
        ("files = !ls\nx = len(files)", "x", 0),
        ("get_ipython().system('ls')\nx = get_ipython().getoutput('ls', split=False)", "x", ""),
        ("%env PATH\n%pwd\n%who\nx = 1", "x", 1),
        ("x = 1\nx?", "x", 1),
    ],
)
def test_magics_work_or_are_passed_over(run, source, name, value):
    done = run(source)
    assert done.failures == []
    if value is not None:
        assert done.blame.value(name) == value


@pytest.mark.parametrize("magic", ["%%bash", "%%sh", "%%script sh", "%%python3", "%%system"])
def test_programs_are_refused_politely(run, magic, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    done = run(f"{magic}\necho hello", "x = 1")
    assert done.failures == [] and done.blame.value("x") == 1
    name = magic.split()[0]
    assert done.output[1].startswith(f"[not run: `{name}")
    assert "programs are not started when notebooks are graded" in done.output[1]


def test_refusals_name_the_command(run):
    assert "`!pip install torch`" in run("!pip install torch").output[1]


def test_what_capture_catches_is_kept_in_its_variable_only(run):
    done = run("%%capture said\nprint('hello')", "print(said.stdout.upper())")
    assert done.output == {2: "HELLO\n\n"}
    assert isinstance(missing(run("%%capture said\n1 / 0\nx = 1"), "x"), ZeroDivisionError)


def test_top_level_await_works(run):
    source = (
        "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 3\nx = await f()"
    )
    assert run(source).blame.value("x") == 3


def test_results_are_in_the_output_and_errors_are_not(run):
    done = run("'a result'", "1 / 0", "print('a'); _", "import sys\nprint('b', file=sys.stderr)")
    assert done.output[1] == "'a result'\n" and 2 not in done.output and 4 not in done.output


def test_output_is_capped(run):
    done = run("for i in range(100_000):\n    print('x' * 100)", *["print('y' * 100_000)"] * 40)
    assert len(done.output[1]) < 70_000 and "left out" in done.output[1]
    assert sum(map(len, done.output.values())) < 1_200_000


def test_fast_parameters_hold_in_every_cell(run):
    done = run("EPOCHS = 30\nX = 1", "%%time\nEPOCHS = 40", "y = EPOCHS", fast={"EPOCHS": 2})
    assert done.blame.value("y") == 2 and done.blame.value("X") == 1


@pytest.mark.parametrize(
    "source", ["import sys\nsys.exit(3)", "exit()", "quit", "raise SystemExit"]
)
def test_leaving_is_an_error_of_the_cell(run, source):
    done = run(source, "x = 1")
    assert isinstance(done.failures[0].error, SystemExit)
    assert done.blame.value("x") == 1


def test_input_has_an_empty_answer_and_says_so(run):
    done = run("name = input('Your name: ')", "again = input()")
    assert done.blame.value("name") == "" and done.blame.value("again") == ""
    words = "[input() cannot be answered when a notebook is graded; assign the value instead]\n"
    assert done.output == {1: words}


@pytest.mark.parametrize(
    "source",
    [
        "n = int(input('n: '))",
        "def ask():\n    return input()\nn = float(ask())",
        "n = {'a': 1}[input()]",
        "m = ''\nwhile not m:\n    m = input()\nn = int(m)",
    ],
)
def test_what_fails_for_want_of_an_answer_says_that(run, source):
    assert str(missing(run(source), "n")).startswith("input() cannot be answered")


def test_an_answer_that_nobody_misses_is_no_reason(run):
    done = run("name = input()", "x = 1 / 0")
    assert isinstance(missing(done, "x"), ZeroDivisionError)


def test_warnings_are_no_errors_and_not_told(run):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("error")
        done = run("import warnings\nwarnings.warn('careful')\nx = 1", "import numpy\nnumpy.log(0)")
    assert done.failures == [] and caught == []


def test_lines_of_errors_are_those_of_the_cell(run):
    done = run("\n\n# first\nx = 1\ny = 1 / 0", "%%time\nx = 1\ny = 1 / 0")
    for failure, line in zip(done.failures, (5, 3), strict=True):
        traceback = failure.error.__traceback__
        while traceback.tb_next:
            traceback = traceback.tb_next
        assert traceback.tb_lineno == line
        assert traceback.tb_frame.f_code.co_filename.endswith("analysis.ipynb, cell 1") is (
            line == 5
        )


def test_sources_of_functions_can_be_asked_for(run):
    done = run("def f(x):\n    return x", "import inspect\ntext = inspect.getsource(f)")
    assert done.blame.value("text") == "def f(x):\n    return x\n"


def test_each_cell_has_its_time_and_so_has_the_notebook(run):
    started = time.monotonic()
    forever = "while True:\n    try:\n        while True: pass\n    except Exception: pass"
    done = run(forever, "x = 1", forever, "y = 2", cell_timeout_s=0.4, timeout_s=0.7)
    assert time.monotonic() - started < 5
    assert done.blame.value("x") == 1
    texts = [str(failure.error) for failure in done.failures]
    assert texts == [
        "cell 1 of analysis.ipynb was still running after 0.4 s",
        "analysis.ipynb was still running, in cell 3, after 0.7 s",
        "cell 4 was not run, because analysis.ipynb had used up its 0.7 s in cell 3",
    ]
    assert isinstance(missing(done, "y"), CellTimeout)


def test_a_cell_that_catches_everything_is_interrupted_again(run):
    source = (
        "for i in range(2):\n    try:\n        while True: pass\n    except BaseException: pass"
    )
    started = time.monotonic()
    done = run(source, "x = 1", cell_timeout_s=0.2)
    assert time.monotonic() - started < 10 and done.blame.value("x") == 1


def test_an_interrupt_ends_the_run(run):
    done = run("raise KeyboardInterrupt", "x = 1")
    assert "was not run, because analysis.ipynb was interrupted" in str(missing(done, "x"))


def test_files_are_written_to_the_scratch_folder(run):
    done = run("import os\nwith open('made.txt', 'w') as file:\n    file.write('x')\nos.getcwd()")
    assert (done.folder / "made.txt").is_file()


def test_the_process_is_as_it_was(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    before = (
        os.getcwd(), sys.stdout, sys.stderr, sys.argv, list(sys.meta_path),
        sys.modules["__main__"], signal.getsignal(signal.SIGALRM), list(warnings.filters),
        sys.displayhook, sys.excepthook, threading.active_count(), hasattr(sys, "ps1"),
    )  # fmt: skip
    run("import matplotlib.pyplot as plt\nplt.plot([1])", "import sys, os\nsys.argv\nos.chdir('/')")
    after = (
        os.getcwd(), sys.stdout, sys.stderr, sys.argv, list(sys.meta_path),
        sys.modules["__main__"], signal.getsignal(signal.SIGALRM), list(warnings.filters),
        sys.displayhook, sys.excepthook, threading.active_count(), hasattr(sys, "ps1"),
    )  # fmt: skip
    assert after == before
    assert not (tmp_path / "home").exists()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_progress_bars_need_neither_widgets_nor_threads(run):
    pytest.importorskip("tqdm")
    before = threading.active_count()
    done = run(
        "from tqdm.notebook import tqdm, trange",
        "from tqdm.auto import tqdm as auto",
        "for i in [*tqdm(range(3)), *trange(2), *auto([5])]:\n    last = i",
    )
    assert done.failures == [] and done.blame.value("last") == 5
    assert threading.active_count() == before


def test_a_notebook_can_look_at_its_shell(run):
    done = run("import IPython\nshell = IPython.get_ipython()\nsame = shell is get_ipython()")
    assert done.blame.value("same")
    assert isinstance(done.blame.value("shell").config, dict)


def test_display_prints_text(run):
    done = run("from IPython.display import display, HTML, clear_output\ndisplay(3, [4])")
    assert done.output == {1: "3\n[4]\n"}
    assert run("display({'a': 1})").output == {1: "{'a': 1}\n"}


def test_code_can_be_refused_before_it_runs(run):
    def refuse(tree, cell):
        if cell == 2:
            raise PermissionError("not this one")

    done = run("x = 1", "x = 2\ny = 3", inspect=refuse)
    assert done.blame.value("x") == 1
    assert isinstance(missing(done, "y"), PermissionError)


def test_a_run_is_quick(run):
    run("import matplotlib.pyplot as plt\nimport numpy as np")
    cells = ["plt.imshow(np.zeros((28, 28)))\nplt.show()"] * 5
    started = time.process_time()
    run("import matplotlib.pyplot as plt\nimport numpy as np", *cells)
    assert time.process_time() - started < 2  # a tenth of it where nothing else runs


@pytest.mark.slow
def test_data_are_loaded_without_processes(run):
    pytest.importorskip("torch")
    done = run(
        "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
        "data = TensorDataset(torch.arange(6.0))",
        "loader = DataLoader(data, 2, True, num_workers=4, pin_memory=True, prefetch_factor=2,\n"
        "                    persistent_workers=True, timeout=5)",
        "seen = sorted(float(x) for (xs,) in loader for x in xs)\nworkers = loader.num_workers",
        "class Own(DataLoader):\n    pass\nown = len(list(Own(data, batch_size=3, num_workers=2)))",
    )
    assert done.failures == []
    assert done.blame.value("seen") == list(range(6)) and done.blame.value("workers") == 0
    assert done.blame.value("own") == 2
