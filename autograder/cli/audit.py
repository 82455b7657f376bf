"""`autograder audit ID`: prove the grader before the release goes out."""

import json
import os
import sys
from pathlib import Path

import click

from autograder.assignment import find_course, load_assignment
from autograder.cli.main import shown
from autograder.errors import EXIT_FINDING, Stopped
from autograder.sandbox.launch import use_one_thread
from autograder.sandbox.modes import MODES, present_mode

_JOBS_AT_MOST = 4  # each may hold PyTorch
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
    help=f"Try changes of this kind only ({', '.join(KINDS_OF_TRIALS)}); may be given again.",
)  # fmt: skip
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1),
    help="Submissions graded at a time.  [default: one for each core]",
)  # fmt: skip
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path),
    help="Where the report goes, and what a further run goes on from.  [default: results/ID/audit]",
)  # fmt: skip
@click.option(
    "--isolation", "mode", metavar="MODE", type=click.Choice(MODES),
    help=f"How student code must be kept apart: {', '.join(MODES)}.  [default: found out]",
)  # fmt: skip
@click.option(
    "--insecure", is_flag=True, help="Grade also where a mandatory layer of the sandbox is missing."
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

    Exit code 1 if anything is found. It can be stopped: the next run goes on where this one was.
    """
    use_one_thread()
    from autograder.audit.audit import audit
    from autograder.audit.document import document
    from autograder.audit.outcomes import Store
    from autograder.audit.page import write_page
    from autograder.audit.run import Setting
    from autograder.cli.progress import audit_progress
    from autograder.grading.isolation import SandboxPolicy

    root = find_course(Path.cwd())
    assignment = load_assignment(root, assignment_id)
    folder = out if out is not None else root / "results" / assignment.id / "audit"
    jobs = jobs or min(len(os.sched_getaffinity(0)), _JOBS_AT_MOST)
    policy = SandboxPolicy(mode or present_mode(), insecure)
    setting = Setting(seed, jobs, policy, Store(folder / "outcomes.jsonl"))
    try:
        with audit_progress() as watcher:
            report = audit(assignment, setting, quick=quick, only=frozenset(kinds), watcher=watcher)
    except KeyboardInterrupt:
        remedy = f"what was graded is kept in {shown(folder)}; the same command goes on from there"
        raise Stopped(remedy) from None
    text = json.dumps(document(report), indent=2, allow_nan=False)
    write_page(folder, report, text)
    if as_json:
        click.echo(text)
    else:
        from autograder.audit.table import show_report

        show_report(report)
        click.echo(f"\n{shown(folder)}/audit.html shows it all, audit.json holds it")
    if report.findings:
        sys.exit(EXIT_FINDING)
