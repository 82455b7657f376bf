"""Read which items are scored by tests that students write.

tests = "test_gradients.py"        the pytest file that students complete
against = ["neural_net.py"]        the modules that it tests
"""

import re
from pathlib import Path

from autograder.assignment.parts import Parts
from autograder.assignment.tables import Table

_MODULE = re.compile(r"(?:[A-Za-z_]\w*/)*[A-Za-z_]\w*\.py", re.ASCII)
_TEST_NAME = re.compile(r"test_\w+\.py", re.ASCII)


def read_student_tests(
    table: Table, kind: str | None, parts: Parts, solutions: Path | None
) -> tuple[str, tuple[str, ...]]:
    """Read `tests` and `against` of an item, after the packages have been read into `parts`.

    Args:
        table: the item's table.
        kind: its kind.
        parts: the object that already holds the packages.
        solutions: the folder that must contain the files; None to skip that.

    Returns:
        The test file, "" if there is none, and the modules that it tests.
    """
    if not table.has("tests"):
        if table.has("against"):
            what = "'against' is given without 'tests'"
            table.complain("against", what, "name the students' test file under tests")
        return "", ()
    tests = table.text("tests") or ""
    if tests and not _TEST_NAME.fullmatch(tests.rpartition("/")[2]):
        what = f"'{tests}' is not the path of a test file"
        table.complain("tests", what, "write a path such as 'test_gradients.py'")
    elif tests:
        _check_place(table, "tests", tests, parts, solutions)
    for key, wanted in (("notebook", "judged in a notebook"), ("builds_on", "made to build on")):
        if table.has(key) and not table.is_empty(key):
            what = f"an item of students' tests cannot be {wanted}"
            table.complain(key, what, f"remove {key}")
    if kind not in ("auto", None):
        table.complain("kind", "an item of students' tests is graded by running them", "write auto")
    against = []
    for number, path in table.words("against"):
        if path == tests:
            table.complain("against", f"'{path}' is the test file", "name what it tests", number)
        elif _check_place(table, "against", path, parts, solutions, number):
            against.append(path)
    if not table.has("against"):
        remedy = 'add against = ["..."] with the modules that the tests are about'
        table.complain("tests", "'tests' is given without 'against'", remedy)
    return tests, tuple(against)


def _check_place(
    table: Table,
    key: str,
    path: str,
    parts: Parts,
    solutions: Path | None,
    number: int | None = None,
) -> bool:
    """Complain about a path that is not a module of a package."""
    what, remedy = "", ""
    if not _MODULE.fullmatch(path) or path.endswith("__init__.py"):
        what = f"'{path}' is not the path of a module"
        remedy = "write it from the top of the release, such as 'shapes/area.py'"
    elif not path.startswith(tuple(package.path for package in parts.packages)):
        what, remedy = f"'{path}' is not in a package", "declare its [[package]]"
    elif solutions and not (solutions / path).is_file():
        what = f"solutions/{solutions.name}/{path} does not exist"
        remedy = "write it there, or correct the path"
    if what:
        table.complain(key, what, remedy, number)
    return not what
