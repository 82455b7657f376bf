"""Run `autograder build`: make the student release, or check that the committed one is current."""

import sys
from pathlib import Path

import click

from autograder.assignment import Assignment, assignment_ids, find_course, load_assignment
from autograder.cli.main import shown
from autograder.errors import EXIT_FINDING, UsageError
from autograder.release import build_into, compare_release, plan_release


@click.command("build")
@click.argument("assignment_ids_", metavar="[ID]...", nargs=-1)
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if it is stale.")
@click.option("--solution", is_flag=True, help="Write the complete solution to DIR instead.")
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path),
    help="Where to write.  [default: student_release/ID]",
)  # fmt: skip
def command(
    assignment_ids_: tuple[str, ...], only_check: bool, solution: bool, out: Path | None
) -> None:
    """Build the student release from the annotated solution."""
    root = find_course(Path.cwd())
    wanted = assignment_ids_ or tuple(assignment_ids(root))
    if solution and out is None:
        raise UsageError(
            "a solution is never written into the course", "--solution", "give --out DIR as well"
        )
    if solution and only_check:
        raise UsageError(
            "these options exclude each other", "--solution and --check", "give one of them"
        )
    if out is not None and len(wanted) > 1:
        raise UsageError("several assignments for one folder", "--out", "name one ID")
    stale = False
    for assignment_id in wanted:
        assignment = load_assignment(root, assignment_id, unfinished=not only_check)
        for problem in assignment.untested:
            click.echo(f"note: {problem}", err=True)
        if only_check:
            stale |= not _is_current(assignment, out)
        else:
            _write(assignment, solution, out)
    if stale:
        sys.exit(EXIT_FINDING)


def _is_current(assignment: Assignment, out: Path | None) -> bool:
    folder = out or assignment.release_folder
    plan = plan_release(assignment)
    differences = compare_release(plan, folder) if folder.is_dir() else []
    for difference in differences:
        click.echo(f"{shown(folder)}/{difference}", err=True)
    is_current = folder.is_dir() and not differences
    if is_current:
        click.echo(f"{assignment.id}: {shown(folder)} is what the sources build")
    else:
        what = "is not what the sources build" if folder.is_dir() else "is missing"
        click.echo(
            f"autograder: the release {what}; {shown(folder)}; "
            f"run `autograder build {assignment.id}` and commit the result",
            err=True,
        )
    return is_current


def _write(assignment: Assignment, solution: bool, out: Path | None) -> None:
    written = build_into(out, assignment, solution)
    what = "solution" if solution else "release"
    changes = f"{len(written.changed)} written" if written.changed else "nothing to change"
    removed = f", removed {', '.join(written.removed)}" if written.removed else ""
    click.echo(
        f"{assignment.id}: {what} in {shown(written.folder)} "
        f"({len(written.files)} files, {changes}{removed})"
    )
