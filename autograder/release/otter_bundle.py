"""Make zips for `otter run`, `otter grade` and otter on Gradescope from the same rubric.

otter grades one notebook at a time, so each notebook has its own zip, with the items that are
judged in it and those of modules in the same problem. The remaining items are in a separate zip.
Tests, including hidden ones, run in the interpreter that student code runs in, so nothing in
docs/security.md applies there.
"""

import json
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.assignment import Assignment, Item, RubricTest
from autograder.assignment.released import original_bytes
from autograder.errors import AutograderError
from autograder.release.documents import assignment_json
from autograder.release.otter_tests import function_names
from autograder.release.tool_file import tool_modules

MODULES = "modules"
_OTTERS = ("setup.sh", "run_autograder", "run_otter.py", "environment.yml", "otter_config.json")
_DRIVER = b'"""otter requires a script if no notebook exists; the modules are graded."""\n'

_HEAD = '''\
"""Generated: item {item} of the rubric, for otter."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "{item}"
points = {points}
all_or_nothing = {all_or_nothing}
'''
_CASE = """

@test_case(name={title}, points={points}, hidden={hidden})
def {function}(env):
    live.run_check("rubric/{file}", "{name}", env)
"""


def otter_bundles(assignment: Assignment, requirements: bytes) -> dict[str, dict[str, bytes]]:
    """Return the files of each zip, by the name of its notebook, or `modules`.

    Args:
        assignment: the assignment to grade.
        requirements: what otter installs, as pip reads it.

    Raises:
        AutograderError: otter is not installed, or a file that ships is missing.
    """
    scripts = _scripts(requirements)
    released = original_bytes(assignment)
    common = scripts | {
        "tests/assignment.json": assignment_json(assignment).encode(),
        **_rubric(assignment),
        **{f"files/{path}": data for path, data in tool_modules().items()},
        **{f"files/{path}": data for path, data in released.items()},
    }
    bundles = {}
    for name, items in _by_notebook(assignment).items():
        own = {f"tests/{item.id}.py": _test_file(item, assignment).encode() for item in items}
        if name == MODULES:
            own["files/graded_by_otter.py"] = _DRIVER
        bundles[name] = common | own
    return bundles


def _by_notebook(assignment: Assignment) -> dict[str, list[Item]]:
    """Return the items that each zip grades."""
    home = {item.problem: item.notebook for item in assignment.auto_items if item.notebook}
    zips: dict[str, list[Item]] = {}
    for item in assignment.auto_items:
        path = item.notebook or home.get(item.problem, "")
        zips.setdefault(path.removesuffix(".ipynb") or MODULES, []).append(item)
    return zips


def _rubric(assignment: Assignment) -> dict[str, bytes]:
    """Return the tests and what they share, where otter does not take them for its own tests."""
    folder = assignment.rubric_folder
    files = {f"tests/rubric/{path.name}": path.read_bytes() for path in folder.glob("*.py")}
    for path in folder.glob("support/*.py"):
        files[f"tests/support/{path.name}"] = path.read_bytes()
    return files


def _test_file(item: Item, assignment: Assignment) -> str:
    tests = assignment.tests_of(item.id)
    whole = sum(test.weight for test in tests)
    shares = [item.points * test.weight / whole for test in tests]
    # otter refuses shares whose sum exceeds the whole, even if only in the last of 16 digits.
    text = _HEAD.format(item=item.id, points=sum(shares), all_or_nothing=item.all_or_nothing)
    for test, function, share in zip(tests, function_names(tests), shares, strict=True):
        text += _case(test, function, share)
    return text


def _case(test: RubricTest, function: str, points: float) -> str:
    return _CASE.format(
        title=json.dumps(test.title, ensure_ascii=False),
        points=points,
        hidden=test.hidden,
        function=function,
        file=test.file,
        name=test.name,
    )


def _scripts(requirements: bytes) -> dict[str, bytes]:
    """Return the files that otter itself puts into a zip to install and start it."""
    if find_spec("otter") is None:
        raise AutograderError(
            "otter is not installed", "this Python", "run: pip install 'autograder[notebooks]'"
        )
    with TemporaryDirectory(prefix="autograder-otter-") as name:
        folder = Path(name)
        (folder / "tests").mkdir()
        (folder / "requirements.txt").write_bytes(requirements)
        command = [sys.executable, "-m", "otter", "generate", "--output-path", "made.zip"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode or not (folder / "made.zip").is_file():
            last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
            raise AutograderError(f"otter generate has failed ({last})", "otter")
        with zipfile.ZipFile(folder / "made.zip") as archive:
            names = set(archive.namelist())
            return {one: archive.read(one) for one in _OTTERS if one in names}
