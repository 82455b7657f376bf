"""Run `autograder audit ID`: prove the grader before the release goes out."""

import json
import sys
from pathlib import Path

import click

from autograder.assignment import find_course, load_assignment
from autograder.cli.main import shown
from autograder.errors import EXIT_FINDING, Stopped
from autograder.sandbox.launch import use_one_thread
from autograder.sandbox.modes import MODES

KINDS_OF_TRIALS = ("mistake", "variant", "rounded", "mutant", "cheat", "draw")


@click.command("audit")
@click.argument("assignment_id", metavar="ID")
@click.option(
    "--quick", is_flag=True,
    help="Reference, release and leaks in full; mistakes and some cheats outside of notebooks; "
    "no mutants.",
)  # fmt: skip
@click.option(
    "--only", "kinds", metavar="KIND", multiple=True, type=click.Choice(KINDS_OF_TRIALS),
    help=f"Try this kind of changes only ({', '.join(KINDS_OF_TRIALS)}); may be repeated.",
)  # fmt: skip
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1),
    help="Submissions graded at the same time.  [default: one for each core]",
)  # fmt: skip
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path),
    help="Folder for the report; a further run continues from it.  [default: results/ID/audit]",
)  # fmt: skip
@click.option(
    "--isolation", "mode", metavar="MODE", type=click.Choice(MODES),
    help=f"How student code must be confined: {', '.join(MODES)}.  [default: detected]",
)  # fmt: skip
@click.option(
    "--insecure", is_flag=True, help="Grade even if a mandatory layer of the sandbox is missing."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
@click.option(
    "--seed", metavar="N", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True,
    help="Draw other inputs.",
)  # fmt: skip
def command(
    assignment_id: str,
    quick: bool,
    kinds: tuple[str, ...],
    jobs: int | None,
    out: Path | None,
    mode: str | None,
    insecure: bool,
    as_json: bool,
    seed: int,
) -> None:
    """Prove the grader: try known mistakes, correct variants, generated mutants and cheats on it.

    Exit code 1 if anything is found. After a stop, the next run continues where this one was.
    """
    use_one_thread()
    from autograder.audit.audit import audit_into
    from autograder.audit.document import document
    from autograder.cli.progress import audit_progress

    root = find_course(Path.cwd())
    assignment = load_assignment(root, assignment_id)
    folder = out if out is not None else root / "results" / assignment.id / "audit"
    try:
        with audit_progress() as watcher:
            report = audit_into(
                folder, assignment, quick=quick, only=kinds, jobs=jobs, mode=mode,
                insecure=insecure, seed=seed, watcher=watcher,
            )  # fmt: skip
    except KeyboardInterrupt:
        remedy = f"what was graded is kept in {shown(folder)}; the same command continues there"
        raise Stopped(remedy) from None
    if as_json:
        click.echo(json.dumps(document(report), indent=2, allow_nan=False))
    else:
        from autograder.audit.table import show_report

        show_report(report)
        click.echo(f"\nReport: {shown(folder)}/audit.html; as JSON: {shown(folder)}/audit.json")
    if report.findings:
        sys.exit(EXIT_FINDING)
