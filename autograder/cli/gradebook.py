"""Run `autograder gradebook ID RESULTS`: write all points, for people and for platforms."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.assignment import find_course, load_assignment
from autograder.cli.main import counted, shown
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.gradebook.points import StudentPoints
    from autograder.results.class_results import ClassResults

_NAMED = 5
"""How many students with missing points are named."""


@click.command("gradebook")
@click.argument("assignment_id", metavar="ID")
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path))
@click.option(
    "--blank", metavar="FILE", type=click.Path(path_type=Path),
    help="Write an empty sheet for the points of written answers, and nothing else.",
)  # fmt: skip
@click.option(
    "--written", "sheets", metavar="FILE", type=click.Path(path_type=Path), multiple=True,
    help="A sheet that a person has filled in; may be given several times.",
)  # fmt: skip
@click.option(
    "--fill", "to_fill", metavar="FILE", type=click.Path(path_type=Path), multiple=True,
    help="Canvas' gradebook or Moodle's grading worksheet, to be written with the points in it; "
    "may be given once for each.",
)  # fmt: skip
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path),
    help="Where the gradebook goes.  [default: RESULTS]",
)  # fmt: skip
@click.option(
    "--column", metavar="NAME",
    help="What Canvas or Moodle call the assignment, such as 'Homework 1 (12345)'.  "
    "[default: its title]",
)  # fmt: skip
@click.option(
    "--canvas-id", type=click.Choice(["canvas", "sis", "login"]), default="sis",
    show_default=True,
    help="What a student's id is to Canvas: its own number, the SIS user id, the SIS login id.",
)  # fmt: skip
def command(
    assignment_id: str,
    results: Path,
    blank: Path | None,
    sheets: tuple[Path, ...],
    to_fill: tuple[Path, ...],
    out: Path | None,
    column: str | None,
    canvas_id: str,
) -> None:
    """Make the gradebook of RESULTS, a results folder of `autograder grade`.

    CSV files by item and by problem, and for the imports of Canvas and Moodle.
    """
    from autograder.gradebook import read_sheets, rows_of, write_gradebook
    from autograder.results.class_results import read_class

    assignment = load_assignment(find_course(Path.cwd()), assignment_id)
    class_results = read_class(results)
    if blank is not None:
        if sheets:
            raise UsageError("--blank and --written", "autograder gradebook", "give one of the two")
        _write_blank(assignment, class_results, blank)
        return
    rows = rows_of(assignment, class_results, read_sheets(assignment, class_results, sheets))
    filled = _filled(to_fill, rows, assignment, column, canvas_id)
    folder = out if out is not None else results
    title = column or assignment.title
    files = write_gradebook(assignment, rows, folder, title, canvas_id, filled)
    _print_outcome(rows, files)


def _write_blank(assignment: "Assignment", class_results: "ClassResults", blank: Path) -> None:
    from autograder.gradebook import write_blank_sheet

    write_blank_sheet(assignment, class_results, blank)
    students = counted(len(class_results.students), "student")
    items = counted(len(assignment.written_items), "item")
    click.echo(f"{shown(blank)}: {students}, {items} to grade by hand")


def _filled(
    files: Sequence[Path],
    rows: "Sequence[StudentPoints]",
    assignment: "Assignment",
    column: str | None,
    canvas_id: str,
) -> dict[str, bytes]:
    """Return the platforms' files with the points in them, by platform."""
    from autograder.gradebook import complete_rows, fill

    filled: dict[str, bytes] = {}
    for file in files:
        done = fill(
            file, complete_rows(rows), assignment.points, assignment.title, column, canvas_id
        )
        if done.kind in filled:
            raise UsageError(
                f"two files of {done.kind.title()}", "--fill", "give one, of the whole class"
            )
        filled[done.kind] = done.data
        for note in done.notes:
            click.echo(f"autograder: {note}", err=True)
    return filled


def _print_outcome(rows: "Sequence[StudentPoints]", files: Mapping[str, Path]) -> None:
    incomplete = [row for row in rows if row.total is None or not row.student.is_known]
    if incomplete:
        names = ", ".join(row.student.id for row in incomplete[:_NAMED])
        more = f" and {len(incomplete) - _NAMED} more" if len(incomplete) > _NAMED else ""
        click.echo(
            f"autograder: some points of {counted(len(incomplete), 'student')} are not known yet "
            f"({names}{more}); column 'open' of {files['items'].name}; the files for Canvas and "
            "Moodle leave these students out, because an empty cell there deletes a grade",
            err=True,
        )
    if "moodle" not in files:
        click.echo(
            "autograder: gradebook-moodle.csv was not written, because Moodle's import knows none "
            "of these numbers; download the grading worksheet from Moodle and give it with --fill",
            err=True,
        )
    place = shown(files["items"].parent)
    listed = ", ".join(file.name for file in files.values())
    click.echo(f"{counted(len(rows), 'student')}, {len(rows) - len(incomplete)} complete: {place}/")
    click.echo(listed)
