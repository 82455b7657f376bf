"""`autograder similar ID PATH ...`: which submissions are alike, and what that does not prove."""

from pathlib import Path

import click

from autograder.assignment import find_course, load_assignment
from autograder.cli.main import counted, shown
from autograder.errors import AutograderError, UsageError
from autograder.submission import find_submissions

_ON_TERMINAL = 20


@click.command("similar")
@click.argument("assignment_id", metavar="ID")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--from", "from_folder", metavar="DIR", type=click.Path(path_type=Path),
    help="Compare every folder and zip in DIR.",
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
    from_folder: Path | None,
    at_least: int,
    out: Path | None,
) -> None:
    """List pairs of submissions that are suspiciously alike, for you to read.

    Nothing else does this unless you ask for it. The released stub counts as common to all, and
    nothing leaves this machine. Alike does not mean copied; the page says what it does not prove.
    """
    from autograder.report.templates import see_that_packages_are_there
    from autograder.similarity import CAVEATS, alike, code_of, similar_page, stub_of

    see_that_packages_are_there(
        "copydetect", "jinja2", extra="similarity,reports", command="autograder similar"
    )
    root = find_course(Path.cwd())
    assignment = load_assignment(root, assignment_id)
    if not paths and from_folder is None:
        raise UsageError(
            "nothing to compare", "autograder similar", "name PATHs or give --from DIR"
        )
    stub = stub_of(assignment)
    codes = [code_of(assignment, one) for one in find_submissions(paths, from_folder)]
    for notice in (notice for code in codes for notice in code.notices):
        click.echo(f"autograder: left out: {notice}", err=True)
    pairs = alike(codes, stub, at_least / 100)
    target = out if out is not None else root / "results" / assignment.id / "similar.html"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        text = similar_page(assignment.title, len(codes), at_least / 100, pairs)
        target.write_text(text, encoding="utf-8")
        target.chmod(0o600)
    except OSError as error:
        raise AutograderError(
            f"cannot be written ({error.strerror})", str(target), "choose another place with --out"
        ) from None
    for pair in pairs[:_ON_TERMINAL]:
        (one, other), (share, other_share) = pair.names, pair.shares
        click.echo(f"{share:4.0%} of {one}, {other_share:4.0%} of {other}")
    click.echo(
        f"{counted(len(codes), 'submission')}, {counted(len(pairs), 'pair')} alike: {shown(target)}"
    )
    click.echo(" ".join(CAVEATS[0].split()))
