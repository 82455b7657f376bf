"""Define the group of commands, and how an error is shown.

Each command has a module of its own, which is imported when the command is run, because
`autograder --help` must not pay for importing numpy or pytest.
"""

import importlib
import sys
from pathlib import Path

import click

from autograder import __version__
from autograder.errors import AutograderError, Stopped

# name -> what `autograder --help` says about it
COMMANDS = {
    "new": "Begin an assignment: a small complete one, to be changed.",
    "list": "List the assignments of this course.",
    "claims": "Run the solution's notebooks, and save their claims with it.",
    "build": "Build the student release from the annotated solution.",
    "grade": "Grade submissions, each a folder or a zip.",
    "gradebook": "Make the gradebook: points by tests and by hand, for Canvas and Moodle.",
    "report": "Make pages: of the class, for each student, of the written answers.",
    "similar": "List submissions that are alike, for an instructor to read.",
    "audit": "Prove the grader: known mistakes, correct variants, generated mutants.",
    "bundle": "Make the zip that Gradescope grades with.",
    "doctor": "Show what keeps student code apart on this machine.",
}


class Commands(click.Group):
    """A group whose commands are imported when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order in which a course needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"autograder.cli.{cmd_name}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Stopped from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="autograder")
def autograder() -> None:
    """Build, check and grade deep-learning assignments.

    Run it inside a course: a folder that holds assignment/ and solutions/.
    """


def shown(path: Path) -> str:
    """Return a path as a person would type it here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def counted(number: int, word: str) -> str:
    """Return a number with its word: `1 student`, `2 students`."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def say_where(folder: Path) -> None:
    """Say where the results of a grading are."""
    place = shown(folder)
    click.echo(f"\nJSON: {place}/grade.json, and for Gradescope {place}/<name>/results.json")


def main() -> None:
    """Run the command line; an error becomes one message on stderr and an exit code."""
    try:
        autograder(prog_name="autograder")
    except AutograderError as error:
        click.echo(f"autograder: {error}", err=True)
        sys.exit(error.exit_code)
