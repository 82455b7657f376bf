"""Run `autograder claims ID`: make the claims of the complete solution."""

from pathlib import Path

import click

from autograder.assignment import find_course, load_assignment
from autograder.cli.main import shown


@click.command("claims")
@click.argument("assignment_id", metavar="ID")
@click.option(
    "--stand-in", is_flag=True,
    help="Run on the stand-ins of the datasets; names of claims get '_stand_in' at the end.",
)  # fmt: skip
def command(assignment_id: str, stand_in: bool) -> None:
    """Run the notebooks of the solution in full, and save their claims in solutions/ID/claims.

    The notebooks run as a student runs them, on this machine and not confined.
    """
    from autograder.starter import save_claims_of

    assignment = load_assignment(find_course(Path.cwd()), assignment_id, unfinished=True)
    saved = save_claims_of(assignment, stand_in, click.echo)
    place = shown(assignment.solutions)
    for path in saved.changed:
        click.echo(f"{place}/{path} written")
    for path in saved.unchanged:
        click.echo(f"{place}/{path} unchanged")
