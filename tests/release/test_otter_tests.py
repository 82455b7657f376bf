"""otter's test files run the public tests, under the words that students read elsewhere too."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.release.otter_tests import otter_tests

REPOSITORY = Path(__file__).parent.parent.parent
COURSE = REPOSITORY / "tests/course"


@pytest.fixture
def files(course):
    """otter's test files of the noted assignment as it is now."""
    return lambda: {
        path: data.decode() for path, data in otter_tests(load_assignment(course, "noted")).items()
    }


def test_each_item_with_public_tests_in_a_notebook_has_its_file(files):
    assert list(files()) == ["tests/otter/n1-mean.py", "tests/otter/n1-figure.py"]


def test_items_of_modules_have_none():
    assert otter_tests(load_assignment(COURSE, "tiny")) == {}


def test_a_file_names_public_tests_only(files):
    text = files()["tests/otter/n1-mean.py"]
    assert 'live.run_check("test_squares.py", "test_mean_of_some_numbers", env)' in text
    assert "hidden" not in text
    assert "test_mean_of_one_number" not in text


# In a process of its own: otter's own imports warn.
READ = """
import json, sys
from otter.nbmeta_config import NBMetadataConfig
from otter.test_files import create_test_file
test_file = create_test_file(sys.argv[1], NBMetadataConfig())
cases = [(case.name, case.points, case.hidden) for case in test_file.test_cases]
print(json.dumps([test_file.name, test_file.possible, cases]))
"""


def test_otter_reads_titles_and_shares_of_the_points(files, tmp_path):
    path = tmp_path / "n1-figure.py"
    path.write_text(files()["tests/otter/n1-figure.py"], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == ["n1-figure", 1.0, [
        ["The figure says what it shows, and what its axes are.", 0.5, False],
        ["The line of squares has as many points as there are steps.", 0.5, False],
    ]]  # fmt: skip


def test_points_are_shared_by_weight_with_the_hidden_tests(files):
    # 3 points, weights 1 (public) and 0.5 (hidden).
    assert "\npoints = 2.0\n" in files()["tests/otter/n1-mean.py"]


def test_a_title_with_quotes_is_kept(course, files):
    path = course / "assignment/noted/rubric/test_squares.py"
    text = path.read_text(encoding="utf-8")
    title = 'mean_of("x") is a \\\\ \u2212 error'
    text = text.replace("mean_of(values) is their sum divided by their number.", title)
    path.write_text(text, encoding="utf-8")
    (function,) = ast.parse(files()["tests/otter/n1-mean.py"]).body[-1:]
    (written, _) = function.decorator_list[0].keywords
    assert ast.literal_eval(written.value) == 'mean_of("x") is a \\ \u2212 error'


def test_tests_of_one_name_and_tests_of_classes_have_functions_of_their_own(course, files):
    (course / "assignment/noted/rubric/test_more.py").write_text(
        'import pytest\n\n\n@pytest.mark.item("n1-mean")\nclass TestMean:\n'
        '    def test_zero(self, student):\n        """Zero."""\n\n\n'
        '@pytest.mark.item("n1-mean")\ndef test_mean_of_some_numbers(student):\n'
        '    """Once more."""\n',
        encoding="utf-8",
    )
    text = files()["tests/otter/n1-mean.py"]
    names = [line.split("(")[0] for line in text.split("\n") if line.startswith("def ")]
    assert names == [
        "def TestMean_test_zero",
        "def test_mean_of_some_numbers",
        "def test_mean_of_some_numbers_",
    ]
    assert 'live.run_check("test_more.py", "TestMean::test_zero", env)' in text
    assert '`grader.check("n1-mean")`' in text


def test_a_parametrised_test_is_one_function(course, files):
    path = course / "assignment/noted/rubric/test_squares.py"
    text = path.read_text(encoding="utf-8")
    mark = '@pytest.mark.item("n1-mean")'
    text = text.replace(mark, f'@pytest.mark.parametrize("size", [1, 2])\n{mark}')
    path.write_text(text, encoding="utf-8")
    assert files()["tests/otter/n1-mean.py"].count("live.run_check") == 1
