"""A notebook runs once, in a worker, and each of its items is judged in a branch of its own."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.release import plan_release, solution_files, write_release
from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox.channel import ChannelError
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import launch

pytest.importorskip("IPython")
pytest.importorskip("matplotlib")

FIGURE = """
import matplotlib.pyplot as plt
import numpy as np
numbers = np.arange(STEPS)
plt.plot(numbers, numbers ** 2)
plt.title("Squares"); plt.xlabel("number"); plt.ylabel("square")
plt.show()
"""
MEAN = "def mean_of(values): return float(sum(values) / len(values))"


@pytest.fixture
def noted(course):
    return load_assignment(course, "noted")


@pytest.fixture
def submit(tmp_path):
    """Write a submission of a notebook with these code cells."""

    def submit(*cells, name="somebody"):
        folder = tmp_path / name
        folder.mkdir()
        code = [
            {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [],
             "execution_count": None}
            for cell in cells
        ]  # fmt: skip
        document = {"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / "squares.ipynb").write_text(json.dumps(document))
        return folder

    return submit


def statuses(record):
    return {item.id: item.status for item in record.items}


def messages(record, item_id):
    [item] = [item for item in record.items if item.id == item_id]
    return "\n".join(test.student_message for test in item.tests)


def test_the_complete_notebook_has_full_marks(noted, grade, tmp_path):
    write_release(solution_files(noted), tmp_path / "complete")
    [record] = grade(noted, tmp_path / "complete")
    assert (record.score, record.possible) == (5.0, 5.0)
    assert statuses(record)["n1-why"] == "awaiting_manual"


def test_the_untouched_notebook_is_not_attempted(noted, grade, tmp_path):
    write_release(plan_release(noted), tmp_path / "release")
    [record] = grade(noted, tmp_path / "release")
    assert record.score == 0.0
    assert statuses(record) == {
        "n1-mean": "not_attempted", "n1-figure": "not_attempted", "n1-why": "awaiting_manual",
    }  # fmt: skip


def test_a_cell_that_raises_costs_what_depends_on_it(noted, grade, submit):
    [record] = grade(noted, submit("STEPS = 8", "def mean_of(values): return 1 / 0", FIGURE))
    assert statuses(record)["n1-mean"] == "failed"
    assert statuses(record)["n1-figure"] == "passed"
    [record] = grade(noted, submit("STEPS = 8", MEAN, "raise RuntimeError", FIGURE, name="other"))
    assert record.score == 5.0


def test_parameters_are_those_of_the_fast_rerun_unless_it_is_a_full_one(noted, grade, submit):
    cells = ["STEPS = 8", MEAN, FIGURE, "assert STEPS == 8"]
    telling = "def mean_of(values): raise ValueError(f'{STEPS} steps')"
    [fast] = grade(noted, submit("STEPS = 8", telling, name="fast"))
    assert "3 steps" in messages(fast, "n1-mean")
    [full] = grade(noted, submit("STEPS = 8", telling, name="full"), full=True)
    assert "8 steps" in messages(full, "n1-mean")
    [record] = grade(noted, submit(*cells, name="right"), full=True)
    assert record.score == 5.0


def test_one_item_cannot_spoil_the_next(noted, grade, submit):
    spoiling = """
def mean_of(values):
    import os, matplotlib.pyplot as plt
    plt.plot = None
    globals()["STEPS"] = 99
    with open("left", "w") as file:
        file.write("left")
    if os.fork() == 0:
        os.closerange(3, 256)
        while True:
            pass
    os._exit(3)
"""
    [record] = grade(noted, submit("STEPS = 8", spoiling, FIGURE))
    assert statuses(record)["n1-mean"] == "crashed"
    assert statuses(record)["n1-figure"] == "passed"


def test_a_loop_in_a_function_costs_its_item_only(course, grade, submit):
    toml = course / "assignment" / "noted" / "assignment.toml"
    toml.write_text(toml.read_text().replace("timeout_s = 10\nnotebook", "timeout_s = 2\nnotebook"))
    noted = load_assignment(course, "noted")
    loop = "def mean_of(values):\n    while True: pass"
    [record] = grade(noted, submit("STEPS = 8", loop, FIGURE))
    assert statuses(record)["n1-mean"] == "timeout"
    assert "this item's time limit (2 s)" in messages(record, "n1-mean")
    assert statuses(record)["n1-figure"] == "passed"


def test_a_cell_that_never_ends_is_told_and_the_rest_is_graded(course, grade, submit):
    toml = course / "assignment" / "noted" / "assignment.toml"
    toml.write_text(toml.read_text().replace("cell_timeout_s = 20", "cell_timeout_s = 2"))
    noted = load_assignment(course, "noted")
    [record] = grade(noted, submit("STEPS = 8", MEAN, "while True: pass", FIGURE))
    assert statuses(record)["n1-mean"] == "passed"
    assert statuses(record)["n1-figure"] == "passed"
    endless = submit("STEPS = 8", "while True: pass\n" + MEAN, FIGURE, name="endless")
    [record] = grade(noted, endless)
    assert "2 s" in messages(record, "n1-mean")


def test_a_notebook_that_ends_its_process_costs_its_items(noted, grade, submit):
    [record] = grade(noted, submit("STEPS = 8", MEAN, "import os; os._exit(0)", FIGURE))
    assert statuses(record)["n1-mean"] == statuses(record)["n1-figure"] == "crashed"
    assert "squares.ipynb" in messages(record, "n1-mean")


def test_a_notebook_that_serves_its_items_itself_is_not_run_again(noted, grade, submit):
    alone = """
import autograder.sandbox.worker as worker
worker._fork = lambda **how: -1
def mean_of(values):
    import os
    os._exit(0)
"""
    [record] = grade(noted, submit("STEPS = 8", alone, FIGURE))
    assert statuses(record)["n1-mean"] == statuses(record)["n1-figure"] == "crashed"
    assert "the process of your notebook is gone" in messages(record, "n1-figure")


@pytest.mark.parametrize("text", ["", "[]", "{not json", '{"cells": 3}'])
def test_a_file_that_is_no_notebook_is_told_in_one_sentence(noted, grade, tmp_path, text):
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "squares.ipynb").write_text(text)
    [record] = grade(noted, folder)
    assert record.score == 0.0
    assert statuses(record)["n1-mean"] == "failed"
    assert "squares.ipynb" in messages(record, "n1-mean")


def test_a_missing_notebook_is_told(noted, grade, tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "notes.txt").write_text("nothing else")
    [record] = grade(noted, folder)
    assert record.score == 0.0
    assert "squares.ipynb" in messages(record, "n1-mean") + "".join(
        item.message for item in record.items
    )


def is_running(process):
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


class TestBranches:
    """Branches of a worker, without a rubric."""

    SOURCE = "state = []\ndef push(x):\n    state.append(x)\n    return list(state)\n"

    @pytest.fixture
    def zygote(self):
        zygote = Zygote(launch())
        yield zygote
        zygote.close()

    @staticmethod
    def student(talker, job):
        return StudentProxy(
            StudentConnection(
                lambda request: talker.ask(request, time.monotonic() + 10), Path(job.folder)
            )
        )

    def test_each_begins_where_the_worker_is(self, zygote, make_job):
        job = make_job({"shapes.py": self.SOURCE})
        worker = zygote.open(job, forks=3)
        assert self.student(worker, job).shapes.push(1) == [1]
        for _ in range(3):
            branch = worker.fork(time.monotonic() + 10)
            shapes = self.student(branch, job).shapes
            assert shapes.push(2) == [1, 2]
            assert shapes.push(3) == [1, 2, 3]
            branch.close()
        assert worker.fork(time.monotonic() + 10) is None  # no more were ordered
        assert self.student(worker, job).shapes.push(4) == [1, 4]
        worker.close()

    def test_a_closed_branch_leaves_no_process(self, zygote, make_job):
        fork = """
import os, time
def fork():
    if os.fork() == 0:
        time.sleep(60)
    return os.getpid()
"""
        job = make_job({"shapes.py": fork})
        worker = zygote.open(job, forks=2)
        branch = worker.fork(time.monotonic() + 10)
        process = self.student(branch, job).shapes.fork()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        assert len(children) == 1
        branch.close()
        assert not any(map(is_running, [str(process), *children]))
        worker.fork(time.monotonic() + 10).close()  # the worker itself is well
        worker.close()

    def test_a_branch_cannot_answer_for_the_next_one(self, zygote, make_job):
        """Bytes put into the sockets of later branches are the student's own answers, no more."""
        forge = (
            "import os\n"
            "def forge():\n"
            "    for number in range(3, 256):\n"
            "        try:\n"
            "            os.write(number, b'AGW1' + bytes(60))\n"
            "        except OSError:\n"
            "            pass\n"
            "def two(): return 2\n"
        )
        job = make_job({"shapes.py": forge})
        worker = zygote.open(job, forks=2)
        with pytest.raises(ChannelError):  # the forged bytes also stand before the worker's answer
            self.student(worker, job).shapes.forge()
        worker.close()

    def test_arrays_come_out_of_a_branch(self, zygote, make_job):
        job = make_job({"shapes.py": "import numpy as np\ndef ones(): return np.ones((300, 300))"})
        worker = zygote.open(job, forks=1)
        branch = worker.fork(time.monotonic() + 10)
        np.testing.assert_array_equal(self.student(branch, job).shapes.ones(), np.ones((300, 300)))
        branch.close()
        worker.close()
