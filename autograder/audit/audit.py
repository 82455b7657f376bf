"""Audit an assignment: does its rubric accept correct work and catch mistakes?"""

import json
import os
import time
from collections.abc import Collection
from pathlib import Path

from autograder.assignment import Assignment
from autograder.audit.catalogue import load_catalogue
from autograder.audit.document import document
from autograder.audit.findings import Finding
from autograder.audit.marked import Files
from autograder.audit.outcomes import Store
from autograder.audit.page import write_page
from autograder.audit.report import AuditReport, make_report
from autograder.audit.run import AuditProgress, Setting, run_trials
from autograder.audit.tolerances import of_tolerances
from autograder.audit.trials import make_plan
from autograder.errors import AssignmentErrors
from autograder.release import compare_release, leaks_in, plan_release, solution_files

_JOBS_AT_MOST = 4  # each may hold PyTorch


def audit_into(
    folder: Path,
    assignment: Assignment,
    *,
    quick: bool = False,
    only: Collection[str] = (),
    jobs: int | None = None,
    mode: str | None = None,
    insecure: bool = False,
    seed: int = 0,
    watcher: AuditProgress | None = None,
) -> AuditReport:
    """Audit an assignment, and write the report into a folder; a further audit continues there.

    Args:
        folder: the folder of the report.
        assignment: the assignment.
        quick: as for `audit`.
        only: as for `audit`.
        jobs: how many trials are graded at the same time; None for one for each core.
        mode: the isolation mode; None to detect it.
        insecure: whether missing layers of the sandbox are accepted.
        seed: the seed of every random draw.
        watcher: progress callbacks.

    Raises:
        AutograderError: the assignment cannot be read, or nothing can be graded here.
    """
    jobs = jobs or min(len(os.sched_getaffinity(0)), _JOBS_AT_MOST)
    setting = Setting(seed, jobs, Store(folder / "outcomes.jsonl"), mode, insecure)
    report = audit(assignment, setting, quick=quick, only=frozenset(only), watcher=watcher)
    write_page(folder, report, json.dumps(document(report), indent=2, allow_nan=False))
    return report


def audit(
    assignment: Assignment,
    setting: Setting,
    *,
    quick: bool = False,
    only: frozenset[str] = frozenset(),
    watcher: AuditProgress | None = None,
) -> AuditReport:
    """Audit an assignment.

    Args:
        assignment: the assignment.
        setting: how its trials are graded.
        quick: whether to try changes only on items outside of notebooks, and no mutants.
        only: kinds of trials, such as "cheat", to which the audit is restricted.
        watcher: receives the progress of the audit.

    Raises:
        AutograderError: the assignment cannot be read, or nothing can be graded here.
    """
    started = time.monotonic()
    solution = solution_files(assignment)
    release, found = look_at_release(assignment)
    found += of_tolerances(assignment)
    catalogue = load_catalogue(assignment)
    plan = make_plan(assignment, catalogue, solution, release, quick, only)
    results = run_trials(assignment, plan, setting, watcher or AuditProgress())
    if not quick and not only:
        setting.store.tidy()
    return make_report(
        assignment,
        plan,
        results,
        found if not only else (),
        quick=quick,
        only=only,
        seed=setting.seed,
        seconds=time.monotonic() - started,
    )


def look_at_release(assignment: Assignment) -> tuple[Files | None, list[Finding]]:
    """Return the files that students get, and the findings about them.

    They are those of the committed release if it exists, because students get these.
    """
    planned: Files | None = None
    found: list[Finding] = []
    try:
        planned = plan_release(assignment)
    except AssignmentErrors as error:
        for one in error.problems:
            place = f"{one.file}:{one.line}" if one.line else one.file
            found.append(Finding("leak", place, one.what))
    folder = assignment.release_folder
    if not folder.is_dir():
        return planned, found
    committed = _read(folder)
    if planned is not None and committed != planned:
        shown = assignment.show(folder)
        for difference in compare_release(planned, folder):
            words = f"{difference.kind}; run `autograder build {assignment.id}`"
            found.append(Finding("stale", f"{shown}/{difference.path}", words))
        for one in leaks_in(assignment, committed):
            place = f"{one.file}:{one.line}" if one.line else one.file
            found.append(Finding("leak", place, one.what))
    return committed, found


def _read(folder: Path) -> Files:
    from autograder.release.sources import list_files

    return {path: (folder / path).read_bytes() for path in list_files(folder)}
