"""A worker that loads what was handed in, once; each item is judged in a fork of it, a branch.

To import packages or to run a notebook for each item anew would take much longer than a fork. What
a branch does to itself ends with it, and so does everything that it has started. Branches can leave
each other notes in the process that they come from, so what has seen hidden inputs runs after
everything whose words a student reads (turns.py).

A notebook is run before the first branch. Of packages, what the tests of one branch have found is
imported by the worker before the next, so a module that takes for ever, or ends the process, costs
those items whose tests ask for it.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Item, Notebook
from autograder.grading.isolation import Policy
from autograder.grading.lost import Talker, WorkerLost, explain
from autograder.grading.workplace import BRANCHING_S, NOTEBOOK_GRACE_S, ONE_BRANCH_S, Workplace
from autograder.sandbox.identity import remove_beside_others, remove_tree
from autograder.sandbox.job import Job
from autograder.sandbox.process import Worker, Zygote
from autograder.sandbox.wire import WireError
from autograder.workbench.values import Parcel, pack


@dataclass(frozen=True)
class Loading:
    """What a worker loads, and how.

    Attributes:
        notebook: what it runs before it is branched; None for a worker of packages.
        seconds: how long the notebook may run.
        make_job: the worker's job, with a folder to work in.
        branches: how often it is branched.
    """

    notebook: Notebook | None
    seconds: float
    make_job: Callable[[Path], Job]
    branches: int


def packages_for(place: Workplace, items: Sequence[Item], branches: int) -> Loading:
    """The packages, for items that need the same besides."""
    longest = max(item.timeout_s for item in items)

    def make_job(scratch: Path) -> Job:
        return place.packages_job(items[0].needs, longest, scratch, items[0].rules)

    return Loading(None, 0.0, make_job, branches)


def notebook_for(
    place: Workplace, notebook: Notebook, items: Sequence[Item], branches: int
) -> Loading:
    """A notebook, run with what the packages beside it bring."""
    longest = max(item.timeout_s for item in items)

    def make_job(scratch: Path) -> Job:
        return place.notebook_job(notebook, longest, scratch, items[0].rules)

    return Loading(notebook, place.seconds_of(notebook), make_job, branches)


class LoadedWorker:
    """The worker that the items of a submission which need the same are judged by.

    One of packages that is lost, or that cannot be branched, is replaced by a new one. A notebook
    takes too long to be run again, so with its worker all that is judged by it is lost.

    Args:
        place: where the submission is graded.
        loading: what it loads.
        zygote: where it comes from.
        policy: what is asked of it.

    Attributes:
        known: what names have turned out to be on the student's side (`rubric.session`).
    """

    def __init__(self, place: Workplace, loading: Loading, zygote: Zygote, policy: Policy) -> None:
        self._place, self._loading = place, loading
        self._zygote, self._policy = zygote, policy
        self._worker: Worker | None = None
        self._scratch = Path()
        self._lost: WorkerLost | None = None
        self._branching_left = BRANCHING_S
        self.known: dict[str, str] = {}
        self._loaded: set[str] = set()  # names that the present worker has looked up
        self._refused: set[str] = set()  # names that have cost a worker

    @property
    def _is_replaced(self) -> bool:
        return self._loading.notebook is None

    def branch(self, seed: int) -> Talker:
        """A process that begins where loading has ended.

        Args:
            seed: for its generators, where packages were loaded.

        Raises:
            WorkerLost: there is none.
        """
        if self._lost is not None:
            raise self._lost
        if self._is_replaced and self._branching_left > 0:
            self._import_what_is_known()
        elif self._is_replaced:
            self.give_up()  # something holds it up; in a new one no student code has run
        while True:
            is_new = self._worker is None
            try:
                return self._fork(self._worker or self._begin(), seed, is_new)
            except WorkerLost as lost:
                self.give_up()
                if not self._is_replaced:
                    self._lost = lost
                if is_new or not self._is_replaced:
                    raise

    def pause(self, talker: Talker) -> bool:
        """Keep a process for later; False where it is to be ended."""
        try:
            return self._worker is not None and not self._files() and talker.pause()
        except OSError:  # it has closed its folder
            return False

    def end(self, talker: Talker) -> None:
        """End a process that was branched, and remove what it has written for others to find."""
        talker.close()
        if self._worker is None:
            return
        try:
            for name in self._files():
                remove_beside_others(str(self._scratch / name))
        except OSError:  # the folder is removed when nobody is at work in it any more
            self.give_up()

    def close(self) -> None:
        """End the worker, and remove what it has written."""
        self.give_up()

    def give_up(self) -> None:
        """End the present worker."""
        if self._worker is None:
            return
        self._worker.close()
        self._worker = None
        remove_tree(str(self._scratch))
        if not self._is_replaced:
            self._lost = WorkerLost("crashed", "the process of your notebook is gone")

    def _files(self) -> list[str]:
        """What branches have written; what a notebook writes, it writes for all of its items."""
        return os.listdir(self._scratch) if self._is_replaced else []

    def _begin(self) -> Worker:
        """Have a new worker; it runs the notebook, where there is one."""
        self._scratch, self._loaded = self._place.new_scratch(), set()
        job = self._loading.make_job(self._scratch)
        self._worker = self._zygote.open(job, branches=self._loading.branches)
        self._policy.verify(self._worker.report)
        notebook = self._loading.notebook
        if notebook is not None:
            try:
                # What goes wrong in it is told to each test that asks for what it should have made.
                deadline = time.monotonic() + self._loading.seconds + NOTEBOOK_GRACE_S
                self._look_up(self._worker, notebook.name, deadline)
            except WireError as error:
                limit = f"its time limit, {self._loading.seconds:g} s"
                raise explain(error, self._worker, notebook.path, limit) from None
        return self._worker

    def _import_what_is_known(self) -> None:
        """Have the worker import the modules that tests have found in a branch of it."""
        for name, kind in self.known.items():
            if self._worker is None:
                return
            if kind != "module" or name in self._loaded or name in self._refused:
                continue
            if not all(map(str.isidentifier, name.split("."))):
                continue  # it was found within something else, such as a list
            self._worker.go_on()
            try:
                with self._time_for_branching() as deadline:
                    self._look_up(self._worker, name, deadline)
                self._loaded.add(name)
            except WireError:  # it went well in the branch; now each item sees for itself
                self._refused.add(name)
                self.give_up()

    def _look_up(self, worker: Worker, name: str, deadline: float) -> None:
        fields = {"operation": "found", "path": name.split("."), "keep": True}
        worker.ask(pack(fields, _refuse, 1000), deadline)

    def _fork(self, worker: Worker, seed: int, is_new: bool) -> Talker:
        alone = self._is_replaced
        try:
            with self._time_for_branching(is_new and self._is_replaced) as deadline:
                branch = worker.branch(deadline, seed if alone else None, alone)
        except WireError as error:
            limit = (
                f"the time limit of {BRANCHING_S:g} s, until a copy of it was ready for each item"
            )
            what = "your code" if self._loading.notebook is None else "your notebook"
            raise explain(error, worker, what, limit) from None
        if branch is None:
            return _Itself(worker, self.give_up, serves_more=not self._is_replaced)
        return branch

    @contextmanager
    def _time_for_branching(self, is_ours: bool = False) -> Iterator[float]:
        """The deadline of what is done so that a branch can begin; no item pays for that.

        Args:
            is_ours: whether no student code is at work there; that is never too late.
        """
        started = time.monotonic()
        try:
            yield started + (ONE_BRANCH_S if is_ours else min(self._branching_left, ONE_BRANCH_S))
        finally:
            self._branching_left -= time.monotonic() - started


class _Itself:
    """The worker itself, where it cannot be branched.

    Args:
        worker: the worker.
        give_up: ends it.
        serves_more: whether it is not ended as long as it answers.
    """

    def __init__(self, worker: Worker, give_up: Callable[[], None], serves_more: bool) -> None:
        self._worker, self._give_up, self._serves_more = worker, give_up, serves_more

    def ask(self, request: Parcel, deadline: float) -> Parcel:
        try:
            return self._worker.ask(request, deadline)
        except WireError:
            self._serves_more = False
            raise

    def pause(self) -> bool:
        return False

    def go_on(self) -> bool:
        return False

    def how_it_ended(self) -> str:
        words = self._worker.how_it_ended()
        self.close()
        return words

    def close(self) -> None:
        if not self._serves_more:
            self._give_up()


def _refuse(value: object) -> object:
    raise TypeError(type(value).__name__)
