"""Run `autograder new ID`: begin an assignment."""

from pathlib import Path

import click

from autograder.assignment import find_course
from autograder.cli.main import counted
from autograder.errors import UsageError


@click.command("new")
@click.argument("assignment_id", metavar="ID")
def command(assignment_id: str) -> None:
    """Write a small complete assignment, to be changed.

    It goes into this course, or makes one of the current folder: a module, a notebook with
    PyTorch, a written answer, claims, and a catalogue. Its audit finds nothing.
    """
    from autograder.starter import write_assignment

    try:
        root = find_course(Path.cwd())
    except UsageError:
        root = Path.cwd()
    written = write_assignment(root, assignment_id)
    click.echo(f"{counted(len(written), 'file')} in {root}:")
    for path in written:
        click.echo(f"  {path}")
    click.echo(
        f"Next: autograder claims {assignment_id}; autograder build {assignment_id}; "
        f"autograder audit {assignment_id}"
    )
