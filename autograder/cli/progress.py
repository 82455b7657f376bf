"""A progress bar on stderr, for a person only."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Bar:
    """Counts items that are done, and names those at work.

    Args:
        items: of each submission.
        show: shows how many items are done, how many submissions, how many need not be graded,
            and what is at work; None to show nothing.
    """

    def __init__(self, items: int, show: Any = None) -> None:
        self._items, self._show = items, show
        self._at_work: dict[str, str] = {}
        self._begun: dict[str, set[str]] = {}
        self._finished: set[str] = set()
        self._skipped = 0

    def begin(self, name: str, item_id: str) -> None:
        """An item of a submission is at work."""
        self._begun.setdefault(name, set()).add(item_id)
        if self._at_work.get(name) != item_id:
            self._at_work[name] = item_id
            self._refresh()

    def finish(self, name: str) -> None:
        """A submission is done."""
        self._finished.add(name)
        self._at_work.pop(name, None)
        self._begun.pop(name, None)
        self._refresh()

    def skip(self, name: str) -> None:
        """A submission need not be graded; it counts neither as done nor as left."""
        self._skipped += 1
        self._refresh()

    def _refresh(self) -> None:
        if self._show is not None:
            part = sum(max(len(begun) - 1, 0) for begun in self._begun.values())
            done = len(self._finished) * self._items + part
            words = ", ".join(f"{name}: {item}" for name, item in self._at_work.items())
            self._show(done, len(self._finished), self._skipped, words)


@contextmanager
def progress(submissions: int, items: int) -> Iterator[Bar]:
    """Show how far a run is, and the items at work.

    Args:
        submissions: how many there are.
        items: how many each of them has.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield Bar(items)
        return
    columns = (
        TextColumn("grading"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[finished]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[at_work]}", markup=False),
    )
    # No refresh thread: judges are forked from this process, and a fork copies held locks.
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as bar:
        task = bar.add_task("grading", total=submissions * items, finished="", rate="", at_work="")
        bar.refresh()
        started = time.monotonic()

        def show(done: int, finished: int, skipped: int, at_work: str) -> None:
            left = submissions - skipped
            per_minute = 60 * finished / max(time.monotonic() - started, 0.001)
            bar.update(
                task,
                completed=done,
                total=left * items,
                finished=f"{finished}/{left}",
                rate=f"{per_minute:.3g}/min" if finished else "",
                at_work=at_work,
                refresh=True,
            )

        yield Bar(items, show)
