"""Show the progress of gradings and audits as a bar on stderr, if that is a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.audit.run import AuditProgress


class Bar:
    """A counter of the items of a grading that are done, which also names those in progress.

    Args:
        items: the number of items of each submission.
        show: shows how many items are done, how many submissions, how many do not have to be
            graded, and which items are in progress; None to show nothing.
    """

    def __init__(self, items: int, show: Any = None) -> None:
        self._items, self._show = items, show
        self._at_work: dict[str, str] = {}
        self._begun: dict[str, set[str]] = {}
        self._finished: set[str] = set()
        self._skipped = 0

    def begin(self, name: str, item_id: str) -> None:
        """Note that an item of a submission is in progress."""
        self._begun.setdefault(name, set()).add(item_id)
        if self._at_work.get(name) != item_id:
            self._at_work[name] = item_id
            self._refresh()

    def finish(self, name: str) -> None:
        """Note that a submission is done."""
        self._finished.add(name)
        self._at_work.pop(name, None)
        self._begun.pop(name, None)
        self._refresh()

    def skip(self, name: str) -> None:
        """Note that a submission need not be graded; it counts neither as done nor as left."""
        self._skipped += 1
        self._refresh()

    def _refresh(self) -> None:
        if self._show is not None:
            part = sum(max(len(begun) - 1, 0) for begun in self._begun.values())
            done = len(self._finished) * self._items + part
            self._show(done, len(self._finished), self._skipped, _named(self._at_work))


@contextmanager
def progress(submissions: int, items: int) -> Iterator[Bar]:
    """Show the progress of a grading, and the items in progress.

    Args:
        submissions: how many there are.
        items: how many each of them has.
    """
    with _bar("grading", submissions * items) as update:
        if update is None:
            yield Bar(items)
            return
        started = time.monotonic()

        def show(done: int, finished: int, skipped: int, at_work: str) -> None:
            left = submissions - skipped
            per_minute = 60 * finished / max(time.monotonic() - started, 0.001)
            update(
                completed=done,
                total=left * items,
                finished=f"{finished}/{left}",
                rate=f"{per_minute:.3g}/min" if finished else "",
                at_work=at_work,
            )

        yield Bar(items, show)


@contextmanager
def audit_progress() -> Iterator["AuditProgress"]:
    """Show the progress of an audit, and the items in progress."""
    from autograder.audit.run import AuditProgress

    with _bar("auditing", 1) as update:
        yield AuditProgress() if update is None else _shown_audit(update)


def _shown_audit(update: Callable[..., None]) -> "AuditProgress":
    """Return the callbacks that show the events of an audit."""
    from autograder.audit.run import AuditProgress

    class Shown(AuditProgress):
        """Callbacks that show every event."""

        def __init__(self) -> None:
            self._trials, self._finished = 1, 0
            self._at_work: dict[str, str] = {}

        def plan(self, trials: int) -> None:
            self._trials = trials
            self._refresh()

        def begin(self, name: str, item_id: str) -> None:
            self._at_work[name] = item_id
            self._refresh()

        def finish(self, name: str) -> None:
            self._at_work.pop(name, None)
            self._finished += 1
            self._refresh()

        def _refresh(self) -> None:
            update(
                completed=self._finished,
                total=self._trials,
                finished=f"{self._finished}/{self._trials}",
                at_work=_named(self._at_work),
            )

    return Shown()


@contextmanager
def _bar(verb: str, total: int) -> Iterator[Callable[..., None] | None]:
    """Yield a function that updates a bar, by keywords; None if stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn(verb),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[finished]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[at_work]}", markup=False),
    )
    # No refresh thread: judges are forked from this process, and a fork copies held locks.
    with Progress(*columns, console=console, auto_refresh=False, transient=True) as bar:
        task = bar.add_task(verb, total=total, finished="", rate="", at_work="")
        bar.refresh()
        yield lambda **values: bar.update(task, refresh=True, **values)


def _named(at_work: dict[str, str]) -> str:
    """Return the items in progress in one line."""
    return ", ".join(f"{name}: {item}" for name, item in at_work.items())
