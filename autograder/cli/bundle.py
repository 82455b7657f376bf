"""Run `autograder bundle ID`: make the zip that Gradescope, or otter, grades with."""

from pathlib import Path

import click

from autograder.assignment import Assignment, find_course, load_assignment
from autograder.cli.main import shown
from autograder.errors import UsageError

_LONGEST_MINUTES = 40  # the most that Gradescope gives


@click.command("bundle")
@click.argument("assignment_id", metavar="ID")
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path),
    help="Where to write.  [default: dist/ID]",
)  # fmt: skip
@click.option(
    "--time-limit", "minutes", metavar="MINUTES", type=click.IntRange(2, _LONGEST_MINUTES),
    default=10, show_default=True, help="What Gradescope's setting gives to a submission.",
)  # fmt: skip
@click.option(
    "--leaderboard", is_flag=True,
    help="Offer what tests have measured, such as accuracies, for Gradescope's leaderboard.",
)  # fmt: skip
@click.option(
    "--otter", is_flag=True,
    help="Make zips for otter instead. Tests then share the interpreter with student code: nothing "
    "of docs/security.md holds.",
)  # fmt: skip
def command(
    assignment_id: str, out: Path | None, minutes: int, leaderboard: bool, otter: bool
) -> None:
    """Make autograder.zip, to be uploaded to Gradescope."""
    root = find_course(Path.cwd())
    assignment = load_assignment(root, assignment_id)
    folder = out if out is not None else root / "dist" / assignment.id
    if otter:
        _bundle_for_otter(assignment, folder if out is not None else folder / "otter")
    else:
        _bundle_for_gradescope(assignment, folder, minutes, leaderboard)


def _bundle_for_gradescope(
    assignment: Assignment, folder: Path, minutes: int, leaderboard: bool
) -> None:
    from autograder.gradescope.bundle import bundle_files, zip_bytes
    from autograder.gradescope.config import Config
    from autograder.gradescope.needs import datasets_of, extras_of

    config = Config(assignment.id, datasets_of(assignment), 60 * minutes, leaderboard)
    files = bundle_files(assignment, config, extras_of(assignment))
    target = _write(folder / "autograder.zip", zip_bytes(files))
    click.echo(f"{assignment.id}: {shown(target)} ({len(files)} files)")
    _warn(assignment, minutes)


def _bundle_for_otter(assignment: Assignment, folder: Path) -> None:
    from autograder.gradescope.bundle import zip_bytes
    from autograder.release.otter_bundle import otter_bundles

    own = assignment.solutions / "requirements.txt"
    requirements = own.read_bytes() if own.is_file() else b"numpy\npytest\n"
    bundles = otter_bundles(assignment, requirements)
    for name, files in bundles.items():
        place = folder / name if len(bundles) > 1 else folder
        target = _write(place / "autograder.zip", zip_bytes(files))
        click.echo(f"{assignment.id}: {shown(target)} ({len(files)} files, for {name})")


def _write(target: Path, content: bytes) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror})", shown(target), "give another --out DIR"
        ) from None
    return target


def _warn(assignment: Assignment, minutes: int) -> None:
    """Warn if a slow submission may reach Gradescope's limit before it reaches ours."""
    limits = sum(item.timeout_s for item in assignment.auto_items)
    limits += sum(notebook.timeout_s for notebook in assignment.notebooks)
    if limits > 60 * minutes:
        click.echo(
            f"autograder: the items' time limits together are {limits / 60:.0f} minutes, more than "
            f"the {minutes} of --time-limit; what is not graded by then gets no score", err=True,
        )  # fmt: skip
