"""Run `autograder similar ID PATH ...`: list submissions that are alike, with caveats."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.assignment import Assignment, find_course, load_assignment
from autograder.cli.main import counted, shown
from autograder.errors import UsageError
from autograder.intake import count, find_hand_ins

if TYPE_CHECKING:
    from autograder.similarity import Code

_ON_TERMINAL = 20


@click.command("similar")
@click.argument("assignment_id", metavar="ID")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--from", "places", metavar="DIR", type=click.Path(path_type=Path), multiple=True,
    help="Compare what a class handed in, as for `autograder grade`.  May be given several times.",
)  # fmt: skip
@click.option(
    "--at-least", metavar="PERCENT", type=click.IntRange(1, 100), default=60, show_default=True,
    help="List a pair if one shares so much of its own code with the other.",
)  # fmt: skip
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path),
    help="Where the page goes.  [default: results/ID/similar.html]",
)  # fmt: skip
def command(
    assignment_id: str,
    paths: tuple[Path, ...],
    places: tuple[Path, ...],
    at_least: int,
    out: Path | None,
) -> None:
    """List pairs of submissions that are suspiciously alike, for you to read.

    Nothing else does this unless you ask for it. The released stub counts as common to all, of
    several submissions of one student the last one is compared, and nothing leaves this machine.
    Alike does not mean copied; the page says what it does not prove.
    """
    from autograder.report.templates import see_that_packages_are_there
    from autograder.results.private import write_private
    from autograder.similarity import CAVEATS, alike, similar_page, stub_of

    see_that_packages_are_there("copydetect", extra="similarity", command="autograder similar")
    root = find_course(Path.cwd())
    assignment = load_assignment(root, assignment_id)
    if not paths and not places:
        raise UsageError(
            "nothing to compare", "autograder similar", "name PATHs or give --from DIR"
        )
    stub = stub_of(assignment)
    codes = list(_codes(assignment, paths, places))
    for notice in (notice for code in codes for notice in code.notices):
        click.echo(f"autograder: left out: {notice}", err=True)
    pairs = alike(codes, stub, at_least / 100)
    target = out if out is not None else root / "results" / assignment.id / "similar.html"
    text = similar_page(assignment.title, len(codes), at_least / 100, pairs)
    write_private(target, text)
    for pair in pairs[:_ON_TERMINAL]:
        (one, other), (share, other_share) = pair.names, pair.shares
        click.echo(f"{share:4.0%} of {one}, {other_share:4.0%} of {other}")
    click.echo(
        f"{counted(len(codes), 'submission')}, {counted(len(pairs), 'pair')} alike: {shown(target)}"
    )
    click.echo(" ".join(CAVEATS[0].split()))


def _codes(
    assignment: Assignment, paths: tuple[Path, ...], places: tuple[Path, ...]
) -> "Iterator[Code]":
    """Yield the code of each submission that counts for a student or has no known owner."""
    from autograder.similarity import code_of

    with tempfile.TemporaryDirectory(prefix="autograder-similar-") as workspace:
        intake = find_hand_ins(paths, places, Path(workspace))
        with closing(intake):
            counted, _ = count(intake)
            counting = {one.hand_in.submission.name for one in counted if one.hand_in}
            for one in intake.hand_ins:
                if one.students and one.submission.name not in counting:
                    continue
                one.fetch()
                yield code_of(assignment, one.submission, (who.id for who in one.students))
                one.drop()
