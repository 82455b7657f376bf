"""A notebook runs once, in a worker of its own; each of its items is judged in a branch of it."""

import time

from autograder.assignment import Notebook
from autograder.grading.isolation import Policy
from autograder.grading.item_bench import Talker, WorkerLost, explain
from autograder.grading.workplace import BRANCHING_S, NOTEBOOK_GRACE_S, Workplace
from autograder.sandbox.identity import remove_tree
from autograder.sandbox.process import Worker, Zygote
from autograder.sandbox.wire import WireError
from autograder.workbench.values import Parcel, pack


class NotebookBench:
    """The worker that a notebook has been run in.

    Args:
        place: where the submission is graded.
        notebook: the notebook.
        items: how many items will be judged by it.
        longest_item_s: the longest time limit among them.
        zygote: where the worker comes from.
        policy: what is asked of it.
    """

    def __init__(
        self,
        place: Workplace,
        notebook: Notebook,
        items: int,
        longest_item_s: float,
        zygote: Zygote,
        policy: Policy,
    ) -> None:
        self._place, self._notebook, self._items = place, notebook, items
        self._zygote, self._policy = zygote, policy
        self._scratch = place.new_scratch()
        self._job = place.notebook_job(notebook, longest_item_s, self._scratch)
        self._worker: Worker | None = None
        self._lost: WorkerLost | None = None
        self._branching_left = BRANCHING_S

    def branch(self) -> Talker:
        """A process that begins where the notebook has ended.

        Raises:
            WorkerLost: the notebook has not come to its end.
        """
        worker = self._run()
        started = time.monotonic()
        try:
            branch = worker.branch(started + self._branching_left)
        except WireError as error:
            limit = (
                f"the time limit of {BRANCHING_S:g} s, until a copy of it was ready for each item"
            )
            self._lost = explain(error, worker, "your notebook", limit)
            raise self._lost from None
        finally:
            self._branching_left -= time.monotonic() - started
        return branch if branch is not None else _Shared(worker, self)

    def run_again(self) -> None:
        """Give up the worker; the next item gets a new one."""
        self._worker = None

    def close(self) -> None:
        """End the worker, and remove what it has written."""
        if self._worker is not None:
            self._worker.close()
        remove_tree(str(self._scratch))

    def _run(self) -> Worker:
        """Run the notebook, unless that is done."""
        if self._lost is not None:
            raise self._lost
        if self._worker is not None:
            return self._worker
        worker = self._zygote.open(self._job, branches=self._items)
        self._policy.verify(worker.report)
        seconds = self._place.seconds_of(self._notebook)
        request = pack({"operation": "module", "name": self._notebook.name}, _refuse, 1000)
        try:
            # What goes wrong in it is told to each test that asks for what it should have made.
            worker.ask(request, time.monotonic() + seconds + NOTEBOOK_GRACE_S)
        except WireError as error:
            limit = f"its time limit, {seconds:g} s"
            self._lost = explain(error, worker, self._notebook.path, limit)
            raise self._lost from None
        self._worker = worker
        return worker


class BranchOfNotebook:
    """A source: a branch of the notebook's worker, for one item."""

    def __init__(self, bench: NotebookBench) -> None:
        self._bench = bench
        self._talker: Talker | None = None

    def prepare(self) -> None:
        """A branch begins when the one before has ended."""

    def open(self) -> Talker:
        """The branch."""
        self._talker = self._bench.branch()
        return self._talker

    def close_soon(self) -> None:
        """End the branch: the next one has to wait for that."""
        self.close()

    def close(self) -> None:
        """End the branch."""
        if self._talker is not None:
            self._talker.close()


class _Shared:
    """The notebook's worker itself, where it cannot be branched: it lives on unless it fails."""

    def __init__(self, worker: Worker, bench: NotebookBench) -> None:
        self._worker, self._bench, self._failed = worker, bench, False

    def ask(self, request: Parcel, deadline: float) -> Parcel:
        try:
            return self._worker.ask(request, deadline)
        except WireError:
            self._failed = True
            raise

    def how_it_ended(self) -> str:
        words = self._worker.how_it_ended()
        self.close()
        return words

    def close(self) -> None:
        if self._failed:
            self._worker.close()
            self._bench.run_again()


def _refuse(value: object) -> object:
    raise TypeError(type(value).__name__)
