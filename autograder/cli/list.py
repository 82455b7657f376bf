"""Run `autograder list`: list the assignments of the course."""

from pathlib import Path

import click

from autograder.assignment import (
    assignment_ids,
    extra_points_of,
    find_course,
    load_assignment,
    points_of,
)


@click.command("list")
def command() -> None:
    """List the assignments of this course."""
    root = find_course(Path.cwd())
    for assignment_id in assignment_ids(root):
        assignment = load_assignment(root, assignment_id, unfinished=True)
        auto, written = points_of(assignment.auto_items), points_of(assignment.written_items)
        extra = extra_points_of(assignment.items)
        points = f"{auto:g} points by tests" + (f", {written:g} by hand" if written else "")
        points += f", {extra:g} extra" if extra else ""
        click.echo(f"{assignment.id}: {assignment.title} ({len(assignment.items)} items, {points})")
