"""Write the files in `tests/otter/`: otter's `grader.check` runs the public tests through them."""

import json

from autograder.assignment import Assignment, Item, RubricTest

OTTER_TESTS = "tests/otter"
"""The folder of these files; otter treats every module in it as a test file."""

HEAD = '''\
"""Generated: `grader.check("{item}")` runs these public tests of tests/."""

from otter.test_files import test_case

from autograder import live

OK_FORMAT = False

name = "{item}"
points = {points}
'''

TEST_CASE = """

@test_case(name={title}, points={points})
def {function}(env):
    live.run_check("{file}", "{name}", env)
"""


def otter_tests(assignment: Assignment) -> dict[str, bytes]:
    """Return otter's test file of each item that has a check in a notebook, by its path."""
    return {
        f"{OTTER_TESTS}/{item.id}.py": _test_file(item, assignment).encode()
        for item in assignment.auto_items
        if item.notebook and assignment.public_tests_of(item.id)
    }


def _test_file(item: Item, assignment: Assignment) -> str:
    """Return the test file; a test's points are its share of the item's, by weight."""
    public = assignment.public_tests_of(item.id)
    whole = sum(test.weight for test in assignment.tests_of(item.id))
    points = [round(item.points * test.weight / whole, 4) for test in public]
    text = HEAD.format(item=item.id, points=sum(points))
    for test, function, share in zip(public, function_names(public), points, strict=True):
        text += TEST_CASE.format(
            title=json.dumps(test.title, ensure_ascii=False),
            points=share,
            function=function,
            file=test.file,
            name=test.name,
        )
    return text


def function_names(tests: tuple[RubricTest, ...]) -> list[str]:
    """Return a name for each test; tests of two files or classes may have the same one."""
    names: list[str] = []
    for test in tests:
        name = test.name.replace("::", "_")
        while name in names:
            name += "_"
        names.append(name)
    return names
