"""Run `autograder report DIR`: make pages for instructors, students, and grading by hand."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.assignment import Assignment, find_course, load_assignment
from autograder.cli.main import counted, shown
from autograder.errors import AutograderError, UsageError

if TYPE_CHECKING:
    from autograder.report import Wishes


@click.command("report")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--only", "kinds", multiple=True, type=click.Choice(["class", "students", "written"]),
    help="Make only these pages; may be given several times.  [default: all]",
)  # fmt: skip
@click.option(
    "--written", "sheets", metavar="FILE", type=click.Path(path_type=Path), multiple=True,
    help="A sheet with points of written answers, as for `autograder gradebook`.",
)  # fmt: skip
@click.option("--no-pdf", is_flag=True, help="Make no PDFs of written answers.")
def command(folder: Path, kinds: tuple[str, ...], sheets: tuple[Path, ...], no_pdf: bool) -> None:
    """Make the pages of DIR, a results folder of `autograder grade`.

    index.html is about the class, for instructors. for-students/ has a page for each student, to
    be handed out. written.html leads to the written answers, by submission and by question; these
    become PDFs too, where Chromium or LaTeX is found.
    """
    from rich.console import Console
    from rich.progress import Progress

    from autograder.report import make_report

    wishes = _wishes(folder, kinds, sheets, pdfs=not no_pdf)
    console = Console(stderr=True)
    # No refresh thread: answers are rendered in forks of this process.
    with Progress(
        console=console, disable=not console.is_terminal, auto_refresh=False, transient=True
    ) as bar:
        task = bar.add_task("pages", total=None)
        made = make_report(folder, wishes, lambda name: bar.update(task, advance=1, refresh=True))
    for notice in made.notices:
        click.echo(f"autograder: {notice}", err=True)
    parts = [counted(made.submissions, "submission")]
    parts += [f"{counted(made.students, 'page')} for students"] if made.students else []
    parts += [counted(made.questions, "written question")] if made.questions else []
    parts += [counted(made.pdfs, "PDF")] if made.pdfs else []
    click.echo(f"{', '.join(parts)}: {shown(made.first)}")


def _wishes(folder: Path, kinds: tuple[str, ...], sheets: tuple[Path, ...], pdfs: bool) -> "Wishes":
    from autograder.report import KINDS, Wishes

    assignment = _assignment(folder)
    if assignment is None:
        if sheets:
            raise UsageError(
                "its assignment is not known here", str(folder),
                "run it inside the course, to check the points in --written",
            )  # fmt: skip
        return Wishes(folder.resolve().name, kinds=kinds or KINDS, pdfs=pdfs)
    written = {}
    if sheets:
        from autograder.gradebook import read_sheets
        from autograder.results.class_results import read_class

        written = read_sheets(assignment, read_class(folder), sheets)
    problems = {problem.id: problem.title for problem in assignment.problems}
    return Wishes(assignment.title, problems, written, kinds or KINDS, pdfs)


def _assignment(folder: Path) -> Assignment | None:
    """Return the assignment that was graded, for its titles; None outside of the course."""
    from autograder.results.store import GRADE_FILE

    try:
        document = json.loads((folder / GRADE_FILE).read_bytes())
        return load_assignment(find_course(Path.cwd()), str(document["assignment"]))
    except (OSError, ValueError, LookupError, TypeError, AutograderError):
        return None
