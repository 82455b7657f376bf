"""A progress bar on stderr, for a person only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """Show how many of `total` submissions are done; call what it gives with each one's name."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if not console.is_terminal or total < 2:
        yield lambda name: None
        return
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}", markup=False),
    )
    # No refresh thread: judges are forked from this process, and a fork copies held locks.
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as bar:
        task = bar.add_task("grading", total=total, name="")
        bar.refresh()

        def advance(name: str) -> None:
            bar.update(task, advance=1, name=name, refresh=True)

        yield advance
