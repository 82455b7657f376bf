"""`autograder report DIR`: pages of the written answers, for the person who grades them."""

from pathlib import Path

import click

from autograder.cli.main import counted, shown


@click.command("report")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Make pages of the written answers in DIR, a results folder of `autograder grade`.

    One page for each submission, one for each question, and an index of all; PDFs too, where
    Chromium or LaTeX is found.
    """
    from rich.console import Console
    from rich.progress import Progress

    from autograder.report import answers_in, make_report

    console = Console(stderr=True)
    # No refresh thread: answers are rendered in forks of this process.
    with Progress(
        console=console, disable=not console.is_terminal, auto_refresh=False, transient=True
    ) as bar:
        task = bar.add_task("pages", total=len(answers_in(folder)))
        made = make_report(folder, lambda name: bar.update(task, advance=1, refresh=True))
    for notice in made.notices:
        click.echo(f"autograder: {notice}", err=True)
    click.echo(
        f"{counted(made.submissions, 'submission')}, {counted(made.questions, 'written question')}"
        + (f", {counted(made.pdfs, 'PDF')}" if made.pdfs else "")
        + f": {shown(folder)}/index.html"
    )
