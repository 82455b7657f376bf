"""Plan a release: every file that students get, as bytes, proved free of leaks.

A plan is a pure function of `assignment/<id>/`, `solutions/<id>/` and the tool's own modules. It
contains no time, no path and nothing else of the machine, so every machine makes the same bytes.
"""

from pathlib import Path

from autograder.assignment import Assignment, decode_text, is_hidden, read_text
from autograder.errors import AssignmentErrors, Problem, UsageError
from autograder.notebook.cells import TOOL_FILE
from autograder.planted import planted_texts
from autograder.release.documents import (
    assignment_json,
    pytest_ini,
    readme,
)
from autograder.release.folder import Written, write_release
from autograder.release.fragments import fragments_of
from autograder.release.hand_in_script import HAND_IN
from autograder.release.leaks import scan_release
from autograder.release.notebook_files import complete_notebook, student_notebook
from autograder.release.otter_tests import otter_tests
from autograder.release.renamed import renamed_leaks
from autograder.release.secret_lines import collect_secrets
from autograder.release.sources import Solutions, read_module, read_solutions
from autograder.release.stub import make_solution, make_stub
from autograder.release.tool_file import tool_file, tool_modules, with_modules
from autograder.release.waivers import Waiver, read_waivers, unused_waivers

Plan = dict[str, bytes]


def plan_release(assignment: Assignment) -> Plan:
    """Return the files of an assignment's release, sorted by path.

    Raises:
        AssignmentErrors: the sources have errors, or something would leak.
    """
    solutions = read_solutions(assignment)
    plan = {**solutions.given, **solutions.copied, **_stubs(assignment, solutions)}
    plan[TOOL_FILE] = tool_file(tool_modules())
    plan |= _public_rubric(assignment)
    plan |= otter_tests(assignment)
    plan["handout.md"] = _handout(assignment)
    plan["README.md"] = readme(assignment, solutions).encode()
    plan["pytest.ini"] = pytest_ini(assignment).encode()
    plan["hand_in.py"] = HAND_IN.encode()
    plan["tests/assignment.json"] = assignment_json(assignment).encode()
    waivers = read_waivers(assignment)
    problems = _name_problems(assignment, plan) + _leaks(assignment, solutions, plan, waivers)
    problems += unused_waivers(assignment, waivers)
    if problems:
        raise AssignmentErrors(problems)
    return dict(sorted(plan.items()))


def build_into(folder: Path | None, assignment: Assignment, solution: bool = False) -> Written:
    """Write the release of an assignment, or its complete solution, to a folder.

    Args:
        folder: the folder; None for the assignment's release folder.
        assignment: the assignment.
        solution: whether the complete solution is written instead of the release.

    Raises:
        AssignmentErrors: the sources have errors, or something would leak.
        UsageError: the folder contains other files, or is the release's and gets the solution.
    """
    if solution and folder is None:
        raise UsageError("a solution is never written into the course", "build", "name a folder")
    files = solution_files(assignment) if solution else plan_release(assignment)
    return write_release(files, folder or assignment.release_folder)


def leaks_in(assignment: Assignment, release: Plan) -> list[Problem]:
    """Return a problem for each leak in the files of a release, such as the committed one.

    Raises:
        AssignmentErrors: the sources have errors.
    """
    return _leaks(assignment, read_solutions(assignment), release, read_waivers(assignment))


def solution_files(assignment: Assignment) -> Plan:
    """Return the complete solution as a student would submit it, sorted by path.

    Raises:
        AssignmentErrors: the sources have errors.
    """
    solutions = read_solutions(assignment)
    complete = {source.path: make_solution(source).encode() for source in solutions.modules}
    for book in solutions.notebooks:
        complete[book.notebook.path] = complete_notebook(book, assignment)
    handed_in = {
        path: data for path, data in solutions.copied.items() if assignment.is_submission_file(path)
    }
    return dict(
        sorted({**solutions.given, **handed_in, **complete, **solutions.complete_only}.items())
    )


def solution_module(assignment: Assignment, path: str) -> str:
    """Return the complete text of one module of the solution, as a student would submit it.

    Raises:
        AssignmentErrors: its source has errors.
    """
    return make_solution(read_module(assignment, path))


def _stubs(assignment: Assignment, solutions: Solutions) -> Plan:
    stubs: Plan = {}
    problems: list[Problem] = []
    for source in solutions.modules:
        try:
            stubs[source.path] = make_stub(source, assignment.id).encode()
        except AssignmentErrors as error:
            problems += error.problems
    for book in solutions.notebooks:
        try:
            stubs[book.notebook.path] = student_notebook(book, assignment)
        except AssignmentErrors as error:
            problems += error.problems
    if problems:
        raise AssignmentErrors(problems)
    return stubs


def _public_rubric(assignment: Assignment) -> Plan:
    """Return the public tests and the modules next to them."""
    rubric = assignment.rubric_folder
    paths = [*rubric.glob("test_*.py"), *rubric.glob("support/*.py")]
    return {
        f"tests/{path.relative_to(rubric).as_posix()}": read_text(
            path, assignment.show(path)
        ).encode()
        for path in sorted(paths)
        if not is_hidden(path.name)
    }


def _handout(assignment: Assignment) -> bytes:
    path = assignment.folder / "handout.md"
    if not path.is_file():
        remedy = "write there what students are asked to do"
        raise AssignmentErrors([Problem(assignment.show(path), 0, "is missing", remedy)])
    return read_text(path, assignment.show(path)).encode()


def _name_problems(assignment: Assignment, plan: Plan) -> list[Problem]:
    """Return a problem for each path that differs from another in case only or is missing."""
    problems = []
    lower: dict[str, str] = {}
    for path in sorted(plan):
        twin = lower.setdefault(path.lower(), path)
        if twin != path:
            what = f"is the same as '{twin}' where case does not count"
            file = f"{assignment.show(assignment.release_folder)}/{path}"
            problems.append(Problem(file, 0, what, "rename one of the two"))
    if "requirements.txt" not in plan:
        file = assignment.show(assignment.folder / "assignment.toml")
        what = "copy of [release] lacks 'requirements.txt', which the README says to install"
        problems.append(Problem(file, 0, what, "write the file in solutions/, and list it"))
    elif assignment.notebooks and b"otter-grader" not in plan["requirements.txt"]:
        file = assignment.show(assignment.solutions / "requirements.txt")
        what = "lacks otter-grader, which the notebooks import"
        problems.append(Problem(file, 0, what, "add a line such as 'otter-grader>=6.1'"))
    return problems


def _leaks(
    assignment: Assignment, solutions: Solutions, plan: Plan, waivers: list[Waiver]
) -> list[Problem]:
    hidden = {
        assignment.show(path): read_text(path, assignment.show(path))
        for path in sorted(assignment.rubric_folder.glob("*.py"))
        if is_hidden(path.name)
    }
    tool = [decode_text(data, path) for path, data in tool_modules().items()]
    public_tests = [
        data.decode()
        for path, data in _public_rubric(assignment).items()
        if not path.startswith("tests/support/")
    ]
    secrets = collect_secrets(
        solutions.sources,
        hidden,
        tool,
        public_tests,
        solutions.complete_only,
        planted_texts(assignment),
    )
    shown = assignment.show(assignment.release_folder)
    opened = with_modules(plan)
    problems = scan_release(opened | dict(plan), secrets, shown)
    reported = {(problem.file, problem.line) for problem in problems}
    renamed = renamed_leaks(opened, fragments_of(solutions.sources), waivers, shown)
    return problems + [one for one in renamed if (one.file, one.line) not in reported]
