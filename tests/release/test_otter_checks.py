"""Real otter in a real kernel: a student who runs the notebook reads the words of the rubric."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.release import plan_release, solution_files, write_release

COURSE = Path(__file__).parent.parent / "course"


@pytest.fixture
def run_all(tmp_path):
    """Write files, run all cells of the notebook, and return the text of each check."""

    def run_all(files: dict[str, bytes]) -> dict[str, str]:
        folder = tmp_path / "release"
        write_release(files, folder)
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute"]
        done = subprocess.run(
            [*command, "--allow-errors", "--inplace", "squares.ipynb"],
            cwd=folder, env=environment, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        cells = json.loads((folder / "squares.ipynb").read_text(encoding="utf-8"))["cells"]
        return {
            "".join(cell["source"]): "".join(
                "".join(output.get("data", {}).get("text/plain", "")) for output in cell["outputs"]
            )
            for cell in cells
            if cell["cell_type"] == "code" and "grader.check" in "".join(cell["source"])
        }

    return run_all


@pytest.mark.slow
def test_in_the_untouched_release_each_check_says_where_to_write(run_all):
    checks = run_all(plan_release(load_assignment(COURSE, "noted")))
    assert "noted/n1-mean: write mean_of in squares.ipynb" in checks['grader.check("n1-mean")']
    assert checks['grader.check("n1-figure")'].count("noted/n1-figure: write its cell") == 2


@pytest.mark.slow
def test_checks_tell_right_from_wrong_in_the_words_of_the_rubric(run_all):
    noted = load_assignment(COURSE, "noted")
    files = {**plan_release(noted), **solution_files(noted)}
    right = b"float(total_of_values / len(values))"
    assert right in files["squares.ipynb"]
    files["squares.ipynb"] = files["squares.ipynb"].replace(right, b"float(total_of_values)")
    checks = run_all(files)
    wrong = checks['grader.check("n1-mean")']
    assert "mean_of(values) is their sum divided by their number." in wrong
    assert "the sum" in wrong
    assert "All test cases passed" in checks['grader.check("n1-figure")']
