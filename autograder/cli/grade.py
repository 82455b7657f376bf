"""Run `autograder grade ID PATH ...`: grade submissions and write their results."""

import json
import sys
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import click

from autograder.assignment import Assignment, find_course, load_assignment
from autograder.batch.grade_paths import grade_paths
from autograder.cli.main import say_where
from autograder.errors import EXIT_DONE, EXIT_FINDING, EXIT_USAGE, UsageError
from autograder.grading.session import GradingRequest
from autograder.sandbox.modes import MODES
from autograder.submission import Submission, find_submissions

_GUESSABLE = 2**40  # a program can try all smaller seeds


@click.command("grade")
@click.argument("assignment_id", metavar="ID")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--from", "places", metavar="DIR", type=click.Path(path_type=Path), multiple=True,
    help="Grade the submissions of a class: a folder, a zip, or an export of Gradescope, Canvas or "
    "Moodle. The same command continues after a stop. May be given several times.",
)  # fmt: skip
@click.option(
    "--roster", "rosters", metavar="FILE", type=click.Path(path_type=Path), multiple=True,
    help="A list of the class, as CSV: your own with the columns id, name, email, group; Canvas' "
    "gradebook or groups, Moodle's grading worksheet, Gradescope's scores. May be given several "
    "times.",
)  # fmt: skip
@click.option(
    "--regrade", is_flag=True,
    help="Grade again what a change of the rubric affects, and show which scores change.",
)  # fmt: skip
@click.option(
    "--items", "globs", metavar="GLOB,...", multiple=True,
    help="Grade only the items whose id matches; may be given several times.",
)  # fmt: skip
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1), default=1, show_default=True,
    help="Submissions graded at the same time.",
)  # fmt: skip
@click.option(
    "--scheduler", metavar="ADDRESS",
    help="Grade on the workers of a Dask scheduler, such as tcp://10.0.0.1:8786.",
)  # fmt: skip
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path),
    help="Results folder.  [default: results/ID]",
)  # fmt: skip
@click.option(
    "--isolation", "mode", metavar="MODE", type=click.Choice(MODES),
    help=f"How student code must be confined: {', '.join(MODES)}; docker grades each submission "
    "in a container.  [default: detected]",
)  # fmt: skip
@click.option(
    "--insecure", is_flag=True, help="Grade even if a mandatory layer of the sandbox is missing."
)
@click.option(
    "--full", is_flag=True,
    help="Run notebooks unchanged: all epochs, all training data. This may take hours.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
@click.option(
    "--seed", metavar="N", type=click.IntRange(0, 2**63 - 1),
    help="Draw the inputs of every submission from N, such as the seed in a record. Anyone who "
    "guesses N knows them: for experiments, not for marks.  [default: a secret key in DIR]",
)  # fmt: skip
def command(
    assignment_id: str,
    paths: tuple[Path, ...],
    places: tuple[Path, ...],
    rosters: tuple[Path, ...],
    regrade: bool,
    globs: tuple[str, ...],
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
    if rosters and not places:
        raise UsageError("--roster without --from", "autograder grade", "name a place with --from")
    wanted = _wanted_items(assignment, globs)
    folder = out if out is not None else root / "results" / assignment.id
    request = GradingRequest(assignment, wanted, seed, folder, mode, insecure, full, jobs)
    if seed is not None and seed < _GUESSABLE and not as_json:
        click.echo(
            f"note: anyone who guesses --seed {seed} knows the inputs of hidden tests; use it for "
            "experiments, not for marks", err=True,
        )  # fmt: skip
    if places or regrade or scheduler:
        from autograder.batch.grade_class import ClassRequest
        from autograder.cli.grade_class import grade_class

        asked = ClassRequest(request, places, paths, rosters, regrade, scheduler)
        grader_failed = grade_class(asked, as_json)
    else:
        grader_failed = _grade_paths(request, find_submissions(paths), as_json)
    sys.exit(_exit_code([path for path in paths if not path.exists()], grader_failed))


def _exit_code(missing: Iterable[Path], grader_failed: bool) -> int:
    """Report what could not be graded, and return the exit code.

    Args:
        missing: paths that do not exist.
        grader_failed: whether an error of the grader has left items without a score.
    """
    missing = list(missing)
    for path in missing:
        click.echo(
            f"autograder: no such file or directory; {path}; pass a folder or a .zip", err=True
        )
    if grader_failed:
        click.echo(
            "autograder: the grader failed on the items marked grader_error; their scores are not "
            "final; fix the rubric or the machine, then grade again", err=True,
        )  # fmt: skip
        return EXIT_FINDING
    return EXIT_USAGE if missing else EXIT_DONE


def _wanted_items(assignment: Assignment, globs: Sequence[str]) -> tuple[str, ...]:
    ids = [item.id for item in assignment.items]
    if not globs:
        return tuple(ids)
    wanted: set[str] = set()
    for glob in ",".join(globs).split(","):
        matching = [item_id for item_id in ids if fnmatchcase(item_id, glob.strip())]
        if not matching:
            assignment.item(glob.strip())  # raises, and suggests the id that was meant
        wanted.update(matching)
    return tuple(item_id for item_id in ids if item_id in wanted)


def _grade_paths(request: GradingRequest, submissions: Sequence[Submission], as_json: bool) -> bool:
    """Grade, show the records, and return whether the grader failed on an item."""
    from autograder.cli.progress import progress

    records = grade_paths(request, submissions, progress)
    if as_json:
        from autograder.results import grade_document

        document = grade_document(request.assignment.id, records)
        click.echo(json.dumps(document, indent=2, allow_nan=False))
    else:
        from autograder.results.table import show_records

        show_records(records)
        assert request.results is not None
        say_where(request.results)
    return any(item.status == "grader_error" for record in records for item in record.items)
