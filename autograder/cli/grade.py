"""`autograder grade ID PATH ...`: grade submissions and write what came out."""

import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.assignment import Assignment, find_course, load_assignment
from autograder.cli.main import say_where
from autograder.cli.request import Request
from autograder.errors import EXIT_DONE, EXIT_FINDING, EXIT_USAGE, UsageError
from autograder.sandbox.launch import launch, use_one_thread
from autograder.sandbox.modes import MODES, present_mode
from autograder.submission import Submission, find_submissions

if TYPE_CHECKING:
    from autograder.grading.batch import Begin
    from autograder.results import SubmissionRecord

    Grade = Callable[[Begin], Iterator[SubmissionRecord]]


_GUESSABLE = 2**40  # a program can try all smaller seeds


@click.command("grade")
@click.argument("assignment_id", metavar="ID")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--from", "places", metavar="DIR", type=click.Path(path_type=Path), multiple=True,
    help="Grade what a class handed in: a folder, a zip, an export of Gradescope, Canvas or "
    "Moodle. The same command goes on where it was stopped. May be given several times.",
)  # fmt: skip
@click.option(
    "--roster", "rosters", metavar="FILE", type=click.Path(path_type=Path), multiple=True,
    help="What a platform says of the class, as CSV: Canvas' gradebook or groups, Moodle's grading "
    "worksheet, Gradescope's scores. May be given several times.",
)  # fmt: skip
@click.option(
    "--regrade", is_flag=True,
    help="Grade again what a change of the rubric has touched, and show what that changes.",
)  # fmt: skip
@click.option("--items", "globs", metavar="GLOB,...", help="Grade only the items whose id matches.")
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1), default=1, show_default=True,
    help="Submissions graded at a time.",
)  # fmt: skip
@click.option(
    "--scheduler", metavar="ADDRESS",
    help="Have the workers of a Dask scheduler grade, such as tcp://10.0.0.1:8786.",
)  # fmt: skip
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path),
    help="Where results go.  [default: results/ID]",
)  # fmt: skip
@click.option(
    "--isolation", "mode", metavar="MODE", type=click.Choice(MODES),
    help=f"How student code must be kept apart: {', '.join(MODES)}; docker grades each submission "
    "in a container.  [default: found out]",
)  # fmt: skip
@click.option(
    "--insecure", is_flag=True, help="Grade also where a mandatory layer of the sandbox is missing."
)
@click.option(
    "--full", is_flag=True,
    help="Run notebooks as they are: all epochs, all training data. This may take hours.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
@click.option(
    "--seed", metavar="N", type=click.IntRange(0, 2**63 - 1),
    help="Draw the inputs of every submission from N, such as the seed that a record names. Who "
    "can guess N can know them: for trying out, not for marks.  [default: a secret of DIR]",
)  # fmt: skip
def command(
    assignment_id: str,
    paths: tuple[Path, ...],
    places: tuple[Path, ...],
    rosters: tuple[Path, ...],
    regrade: bool,
    globs: str | None,
    jobs: int,
    scheduler: str | None,
    out: Path | None,
    mode: str | None,
    insecure: bool,
    full: bool,
    as_json: bool,
    seed: int | None,
) -> None:
    """Grade submissions, each a folder or a zip."""
    root = find_course(Path.cwd())
    assignment = load_assignment(root, assignment_id)
    if not paths and not places:
        raise UsageError("nothing to grade", "autograder grade", "name a PATH or give --from DIR")
    wanted = _wanted_items(assignment, globs)
    folder = out if out is not None else root / "results" / assignment.id
    request = Request(
        assignment, wanted, seed, folder, mode, insecure, full, jobs, regrade, as_json, scheduler
    )
    if seed is not None and seed < _GUESSABLE and not as_json:
        click.echo(
            f"note: who guesses --seed {seed} knows the inputs of hidden tests; it is for trying "
            "out, not for marks", err=True,
        )  # fmt: skip
    if rosters and not places:
        raise UsageError("--roster without --from", "autograder grade", "name a place with --from")
    if places or regrade or scheduler:
        from autograder.cli.grade_class import grade_class

        sys.exit(grade_class(request, paths, places, rosters))
    submissions = find_submissions(paths)
    records = _grade(request, submissions)
    _show(assignment, records, folder, as_json)
    missing = [submission.path for submission in submissions if not submission.path.exists()]
    broken = any(item.status == "grader_error" for record in records for item in record.items)
    sys.exit(say_what_is_wrong(missing, broken))


def say_what_is_wrong(missing: Iterable[Path], broken: bool) -> int:
    """Tell of what could not be graded, and return the exit code.

    Args:
        missing: paths at which nothing is.
        broken: whether an error of the grader has left items without a score.
    """
    missing = list(missing)
    for path in missing:
        click.echo(f"autograder: nothing is there; {path}; name a folder or a zip", err=True)
    if broken:
        click.echo(
            "autograder: the grader itself failed in the items marked grader_error; no score there "
            "is final; mend the rubric or the machine and grade again", err=True,
        )  # fmt: skip
        return EXIT_FINDING
    return EXIT_USAGE if missing else EXIT_DONE


def _wanted_items(assignment: Assignment, globs: str | None) -> tuple[str, ...]:
    ids = [item.id for item in assignment.items]
    if globs is None:
        return tuple(ids)
    wanted: set[str] = set()
    for glob in globs.split(","):
        matching = [item_id for item_id in ids if fnmatchcase(item_id, glob.strip())]
        if not matching:
            assignment.item(glob.strip())  # raises, with what may have been meant
        wanted.update(matching)
    return tuple(item_id for item_id in ids if item_id in wanted)


def _grade(request: Request, submissions: "list[Submission]") -> "list[SubmissionRecord]":
    """Grade, write each submission's results as soon as they are there, keep the given order."""
    # Asked for: where this is a container itself, that is found out.
    prepare = _containers if request.given_mode == "docker" else _workers
    grade, items = prepare(request, submissions)
    from autograder.cli.progress import progress
    from autograder.results import grade_document, write_grade_document, write_results

    by_name: dict[str, SubmissionRecord] = {}
    with progress(len(submissions), items) as bar:
        for record in grade(bar.begin):
            write_results(request.folder, record)
            by_name[record.name] = record
            bar.finish(record.name)
    records = [by_name[submission.name] for submission in submissions]
    write_grade_document(request.folder, grade_document(request.assignment.id, records))
    return records


def _workers(request: Request, submissions: "list[Submission]") -> "tuple[Grade, int]":
    """Get ready to grade on this machine; how to, and the number of items of each submission."""
    use_one_thread()
    launched = launch()  # it imports while this process does the same
    from autograder.grading.batch import grade_all
    from autograder.grading.config import GradingConfig
    from autograder.grading.isolation import SandboxPolicy, ensure, examine
    from autograder.grading.requirements import ensure_installed

    policy = SandboxPolicy(request.given_mode or present_mode(), request.insecure)
    seeds = request.seeds()
    report = examine(launched, request.secrets)
    ensure(policy, report)
    config = GradingConfig(
        request.assignment, request.wanted, seeds.data, policy, policy.isolation(report),
        request.folder, request.full, data_seed=seeds.data,
    )  # fmt: skip
    ensure_installed(config)

    def grade(begin: "Begin") -> "Iterator[SubmissionRecord]":
        return grade_all(config, submissions, request.jobs, launched, begin, seed_of=seeds.of)

    return grade, len(config.auto_wanted)


def _containers(request: Request, submissions: "list[Submission]") -> "tuple[Grade, int]":
    """Get ready to grade each submission in a container of its own; the same as `_workers`."""
    from autograder.container.host import grade_in_containers, prepare
    from autograder.grading.batch import Task

    seeds = request.seeds()
    run = prepare(
        request.assignment, request.wanted, seeds.data, request.insecure, request.folder,
        request.full, seeds.data,
    )  # fmt: skip
    tasks = deque(Task(run.config, submission, seed_of=seeds.of) for submission in submissions)

    def grade(begin: "Begin") -> "Iterator[SubmissionRecord]":
        return grade_in_containers(run, tasks, request.jobs, begin)

    return grade, len(run.config.auto_wanted)


def _show(
    assignment: Assignment, records: "list[SubmissionRecord]", folder: Path, as_json: bool
) -> None:
    from autograder.results import grade_document

    if as_json:
        click.echo(json.dumps(grade_document(assignment.id, records), indent=2, allow_nan=False))
        return
    from autograder.results.table import show_records

    show_records(records)
    say_where(folder)
