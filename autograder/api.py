"""Provide the Python API: `autograder.grade`, `autograder.build` and `autograder.audit`.

Each call runs in a separate process (`own_process.py`), because a grading forks judges and kills
all descendants of its own process, and the caller may be a notebook with threads and children.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.own_process import run_in_own_process

if TYPE_CHECKING:
    from autograder.audit.findings import Finding
    from autograder.results import SubmissionRecord


@dataclass(frozen=True)
class GradeResult:
    """The result of `grade`.

    Attributes:
        folder: the results folder.
        records: the record of each submission.
        notes: what an instructor should know about a class, each one sentence.
    """

    folder: Path
    records: "tuple[SubmissionRecord, ...]"
    notes: tuple[str, ...] = ()

    @property
    def grader_failed(self) -> bool:
        """Whether an error of the grader has left items without a final score."""
        return any(item.status == "grader_error" for one in self.records for item in one.items)


@dataclass(frozen=True)
class BuildResult:
    """The result of `build`.

    Attributes:
        folder: the folder that was written.
        files: the paths of all of its files, below it.
        changed: the paths of the files that were written because they differed.
        removed: the paths of the files that were removed because they are not built any more.
    """

    folder: Path
    files: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class AuditResult:
    """The result of `audit`.

    Attributes:
        folder: the folder of the report, `audit.html` and `audit.json`.
        findings: what is wrong with the rubric or the release.
        remarks: what is worth knowing but not wrong.
        document: the content of `audit.json`.
    """

    folder: Path
    findings: "tuple[Finding, ...]"
    remarks: "tuple[Finding, ...]"
    document: Mapping[str, Any]


def grade(
    assignment: str,
    *paths: Path | str,
    course: Path | str = ".",
    places: Sequence[Path | str] = (),
    rosters: Sequence[Path | str] = (),
    items: Collection[str] | None = None,
    out: Path | str | None = None,
    jobs: int = 1,
    regrade: bool = False,
    seed: int | None = None,
    isolation: str | None = None,
    insecure: bool = False,
    full: bool = False,
) -> GradeResult:
    """Grade submissions, and write their results as `autograder grade` does.

    Example:
        >>> result = autograder.grade("intro", "submissions/ada", out="results")
        >>> [(record.name, record.score) for record in result.records]
        [('ada', 87.0)]

    Args:
        assignment: the id of the assignment.
        paths: the submissions, each a folder or a zip.
        course: the folder of the course, or a folder below it.
        places: folders and archives with one submission for each student (`--from`).
        rosters: the platforms' own files about the class.
        items: ids of the items to grade; None for all items.
        out: the results folder; None for `results/ID` in the course folder.
        jobs: how many submissions are graded at the same time.
        regrade: whether items affected by a change of the rubric are graded again.
        seed: one seed for all submissions; None to use the results folder's secret key.
        isolation: the isolation mode; None to detect it.
        insecure: whether missing layers of the sandbox are accepted.
        full: whether notebooks run unchanged.

    Raises:
        AutograderError: grading is not possible; it says what, where, and what to do.
    """
    result: GradeResult = run_in_own_process(
        _grade, assignment, _paths(paths), Path(course), _paths(places), _paths(rosters),
        None if items is None else tuple(items), None if out is None else Path(out), jobs, regrade,
        seed, isolation, insecure, full,
    )  # fmt: skip
    return result


def build(
    assignment: str,
    *,
    course: Path | str = ".",
    out: Path | str | None = None,
    solution: bool = False,
) -> BuildResult:
    """Build the student release of an assignment, or write its complete solution.

    Example:
        >>> autograder.build("intro", out="release").changed[:1]
        ('README.md',)

    Args:
        assignment: the id of the assignment.
        course: the folder of the course, or a folder below it.
        out: the folder to write; None for `student_release/ID` in the course folder.
        solution: whether the complete solution is written instead, which requires `out`.

    Raises:
        AutograderError: the assignment has mistakes, or a file cannot be written.
    """
    result: BuildResult = run_in_own_process(
        _build, assignment, Path(course), None if out is None else Path(out), solution
    )
    return result


def audit(
    assignment: str,
    *,
    course: Path | str = ".",
    out: Path | str | None = None,
    quick: bool = False,
    only: Collection[str] = (),
    jobs: int | None = None,
    isolation: str | None = None,
    insecure: bool = False,
    seed: int = 0,
) -> AuditResult:
    """Audit an assignment, and write the report as `autograder audit` does.

    Example:
        >>> autograder.audit("intro", quick=True).findings
        ()

    Args:
        assignment: the id of the assignment.
        course: the folder of the course, or a folder below it.
        out: the folder of the report; None for `results/ID/audit` in the course folder.
        quick: whether changes are tried only on items outside notebooks, and without mutants.
        only: kinds of trials to grade, such as "cheat"; empty for all kinds.
        jobs: how many trials are graded at the same time; None for one per core.
        isolation: the isolation mode; None to detect it.
        insecure: whether missing layers of the sandbox are accepted.
        seed: the seed of every random draw.

    Raises:
        AutograderError: the assignment has mistakes, or grading is not possible.
    """
    result: AuditResult = run_in_own_process(
        _audit, assignment, Path(course), None if out is None else Path(out), quick, tuple(only),
        jobs, isolation, insecure, seed,
    )  # fmt: skip
    return result


def _paths(paths: Sequence[Path | str]) -> tuple[Path, ...]:
    return tuple(Path(path) for path in paths)


def _grade(
    assignment_id: str, paths: tuple[Path, ...], course: Path, places: tuple[Path, ...],
    rosters: tuple[Path, ...], items: tuple[str, ...] | None, out: Path | None, jobs: int,
    regrade: bool, seed: int | None, isolation: str | None, insecure: bool, full: bool,
) -> GradeResult:  # fmt: skip
    from autograder.assignment import find_course, load_assignment
    from autograder.batch.grade_class import ClassRequest, opened_class
    from autograder.batch.grade_paths import grade_paths
    from autograder.grading.session import GradingRequest
    from autograder.submission import find_submissions

    root = find_course(course)
    assignment = load_assignment(root, assignment_id)
    if items is not None:  # in the order of the assignment; an unknown id is an error
        wanted = {assignment.item(item_id).id for item_id in items}
        items = tuple(item.id for item in assignment.items if item.id in wanted)
    folder = out if out is not None else root / "results" / assignment.id
    request = GradingRequest(assignment, items, seed, folder, isolation, insecure, full, jobs)
    if not places and not regrade:
        return GradeResult(folder, tuple(grade_paths(request, find_submissions(paths))))
    with opened_class(ClassRequest(request, places, paths, rosters, regrade), print) as group:
        result = group.finish(group.grade())
        records = tuple(group.records())
        group.end()
    return GradeResult(folder, records, tuple(result.notes))


def _build(assignment_id: str, course: Path, out: Path | None, solution: bool) -> BuildResult:
    from autograder.assignment import find_course, load_assignment
    from autograder.errors import UsageError
    from autograder.release import build_into

    if solution and out is None:
        raise UsageError("a solution is never written into the course", "build", "pass out=DIR")
    assignment = load_assignment(find_course(course), assignment_id, unfinished=True)
    written = build_into(out, assignment, solution)
    return BuildResult(written.folder, written.files, written.changed, written.removed)


def _audit(
    assignment_id: str, course: Path, out: Path | None, quick: bool, only: tuple[str, ...],
    jobs: int | None, isolation: str | None, insecure: bool, seed: int,
) -> AuditResult:  # fmt: skip
    from autograder.assignment import find_course, load_assignment
    from autograder.audit.audit import audit_into
    from autograder.audit.document import document

    root = find_course(course)
    assignment = load_assignment(root, assignment_id)
    folder = out if out is not None else root / "results" / assignment.id / "audit"
    report = audit_into(
        folder, assignment, quick=quick, only=only, jobs=jobs, mode=isolation, insecure=insecure,
        seed=seed,
    )  # fmt: skip
    return AuditResult(folder, report.findings, report.remarks, document(report))
