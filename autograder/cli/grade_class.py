"""Run `autograder grade ID --from DIR`: grade a class, continue it, or regrade it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.batch.grade_class import ClassRequest, opened_class
from autograder.cli.class_summary import Summary
from autograder.cli.main import say_where
from autograder.cli.progress import progress
from autograder.results.private import write_private

if TYPE_CHECKING:
    from autograder.batch.changes import ScoreChange

_NOTES = 20


def grade_class(request: ClassRequest, as_json: bool) -> bool:
    """Grade a class, show the result, and return whether the grader failed on an item.

    Raises:
        AutograderError: nothing can be graded here, or something cannot be read or written.
    """
    with opened_class(request, _say) as group:
        run = group.grade(progress)
        summary = Summary(len(group.names))
        result = group.finish(run, summary.note)
        _say(result.notes, request.folder / "notes.txt")
        if as_json:
            from autograder.results.store import grade_pieces

            for piece in grade_pieces(request.grading.assignment.id, group.records()):
                click.echo(piece, nl=False)
        else:
            summary.show()
        if result.changes is not None:
            _show_changes(result.changes, as_json)
        if not as_json:
            say_where(request.folder)
        group.end()
    return result.grader_failed


def _show_changes(changes: "Sequence[ScoreChange]", as_json: bool) -> None:
    from autograder.batch.changes import lines

    words = ["nothing had to be graded again"]
    if changes:
        words = [f"{len(changes)} graded again:", *(lines(changes) or ["no score has changed"])]
    click.echo("\n".join(["", *words]), err=as_json)


def _say(notes: Sequence[str], file: Path | None = None) -> None:
    """Show notes; if they are too many, write all of them to a file."""
    for note in notes[:_NOTES]:
        click.echo(f"note: {note}", err=True)
    if len(notes) > _NOTES:
        place = ""
        if file is not None:
            write_private(file, "".join(f"{note}\n" for note in notes))
            place = f"; all of them: {file}"
        click.echo(f"note: and {len(notes) - _NOTES} more of the kind{place}", err=True)
