"""Run `autograder doctor`: show which layers isolate student code here, and whether they hold."""

import sys
from pathlib import Path

import click

from autograder.assignment import assignment_ids, find_course, load_assignment
from autograder.errors import EXIT_FINDING, AutograderError
from autograder.sandbox.launch import launch
from autograder.sandbox.modes import MODES, present_mode


@click.command("doctor")
@click.option(
    "--isolation", "mode", metavar="MODE", type=click.Choice(MODES),
    help=f"Judge by another mode: {', '.join(MODES)}.  [default: found out]",
)  # fmt: skip
def command(mode: str | None) -> None:
    """Show what keeps student code apart on this machine."""
    launched = launch()
    from autograder.grading.isolation import examine
    from autograder.sandbox.confine import ACTIVE
    from autograder.sandbox.policy import is_tolerated, mandatory_layers, shortcomings
    from autograder.sandbox.selftest import HELD

    mode = mode or present_mode()
    try:
        report = examine(launched, _secrets_of_this_course())
    finally:
        launched.close()
    click.echo(f"Mode {mode}, Python {sys.executable}\n\nLayers")
    for layer, state in report.layers.items():
        role = "mandatory" if layer in mandatory_layers(mode, report) else "if available"
        mark = "ok" if state == ACTIVE else "--" if role != "mandatory" else "!!"
        click.echo(f"  {mark}  {layer:<13} {role:<17} {state}")
    click.echo("\nTried from inside, before any student code")
    for attempt, outcome in report.probes.items():
        mark = "ok" if outcome == HELD else "--" if is_tolerated(attempt, report) else "!!"
        click.echo(f"  {mark}  {attempt:<31} {outcome}")
    missing = shortcomings(mode, report)
    if missing:
        click.echo("")
        for sentence in missing:
            click.echo(f"autograder: {sentence}", err=True)
        click.echo(
            "autograder: grading stops here in this mode; `grade --insecure` grades anyway, "
            "and the results say so", err=True,
        )  # fmt: skip
        sys.exit(EXIT_FINDING)
    click.echo("\nStudent code is confined as this mode requires.")


def _secrets_of_this_course() -> list[str]:
    """Return the hidden tests and solutions to try to read; none outside of a course."""
    from autograder.grading.isolation import secrets_of

    try:
        root = find_course(Path.cwd())
        assignments = [load_assignment(root, name) for name in assignment_ids(root)]
    except AutograderError:
        return []
    return [secret for assignment in assignments for secret in secrets_of(assignment)]
