"""The Python API for notebooks and scripts: every example of docs/python-api.md, and its errors."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograder
from autograder.errors import UsageError

PAGE = Path(__file__).parent.parent / "docs" / "python-api.md"


def test_every_example_of_the_page_runs(course, tiny_solution, tiny_release):
    for name, place in (("ada", tiny_solution), ("bob", tiny_release)):
        shutil.copytree(place, course / "export" / name)
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=course, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "solution 4.0 of 4.0" in done.stdout
    assert "{'ada': 4.0, 'bob': 0.0}" in done.stdout
    assert (course / "results/solution/results.json").exists()
    assert (course / "class/gradings.sqlite").exists()
    assert (course / "audit/audit.html").exists()


def test_an_error_arrives_as_it_was_raised(course, tmp_path):
    with pytest.raises(UsageError) as caught:
        autograder.build("nothing", course=course, out=tmp_path / "out")
    assert caught.value.what and caught.value.where
    with pytest.raises(UsageError, match="a solution is never written into the course"):
        autograder.build("tiny", course=course, solution=True)


def test_a_release_is_built_and_then_current(course, tmp_path):
    built = autograder.build("tiny", course=course, out=tmp_path / "out")
    assert set(built.changed) == set(built.files)
    (tmp_path / "out/extra.py").write_text("")
    again = autograder.build("tiny", course=course, out=tmp_path / "out")
    assert (again.changed, again.removed) == ((), ("extra.py",))


def test_the_audit_can_be_called_before_and_after_its_package_was_imported():
    code = (
        "import autograder\n"
        "assert callable(autograder.audit)\n"
        "from autograder.audit import load_catalogue\n"
        "assert callable(autograder.audit) and autograder.audit.load_catalogue is load_catalogue\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
