"""Run `autograder list`: list the assignments of the course."""

from pathlib import Path

import click

from autograder.assignment import assignment_ids, find_course, load_assignment


@click.command("list")
def command() -> None:
    """List the assignments of this course."""
    root = find_course(Path.cwd())
    for assignment_id in assignment_ids(root):
        assignment = load_assignment(root, assignment_id)
        auto = sum(item.points for item in assignment.auto_items)
        written = sum(item.points for item in assignment.written_items)
        points = f"{auto:g} points by tests" + (f", {written:g} by hand" if written else "")
        click.echo(f"{assignment.id}: {assignment.title} ({len(assignment.items)} items, {points})")
