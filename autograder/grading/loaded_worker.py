"""A worker that loads what was handed in, once; each item is judged in a fork of it, a branch.

To import packages or to run a notebook for each item anew would take much longer than a fork. What
a branch does to itself ends with it, and so does everything that it has started. Branches can leave
each other notes in the process that they come from, so what has seen hidden inputs runs after
everything whose words a student reads (test_phases.py).

A notebook is run before the first branch. Of packages, what the tests of one branch have found is
imported by the worker before the next, so a module that takes for ever, or ends the process, costs
those items whose tests ask for it.

Between its public turns and its hidden ones it is at rest: stopped, with its paused branches.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.grading.isolation import SandboxPolicy
from autograder.grading.loading import Loading
from autograder.grading.lost import Talker, WorkerLost, explain
from autograder.grading.submission_dir import (
    BRANCHING_S,
    NOTEBOOK_GRACE_S,
    ONE_BRANCH_S,
    SubmissionDir,
)
from autograder.remote.values import Message, pack
from autograder.sandbox.channel import ChannelError
from autograder.sandbox.client import Worker, Zygote
from autograder.sandbox.identity import remove_beside_others, remove_tree
from autograder.sandbox.opening import names_in
from autograder.sandbox.requests import SandboxFailure
from autograder.sandbox.rest import Rest


class LoadedWorker:
    """The worker that the items of a submission which need the same are judged by.

    One of packages that is lost, or that cannot be branched, is replaced by a new one. A notebook
    takes too long to be run again, so with its worker all that is judged by it is lost.

    Args:
        place: where the submission is graded.
        loading: what it loads.
        zygote: where it comes from.
        policy: what is asked of it.
        beside: called now and then while the worker is waited for, to look after others.

    Attributes:
        known: what names have turned out to be on the student's side (`rubric.session`).
    """

    def __init__(
        self,
        place: SubmissionDir,
        loading: Loading,
        zygote: Zygote,
        policy: SandboxPolicy,
        beside: Callable[[], None] = lambda: None,
    ) -> None:
        self._place, self._loading = place, loading
        self._zygote, self._policy, self._beside = zygote, policy, beside
        self._rest: Rest | None = None
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

    def excess(self) -> str:
        """Which limit the worker exceeds with all that it has started, in words; "" for none."""
        return "" if self._worker is None else self._worker.excess()

    def stop(self, talker: Talker) -> None:
        """End the worker where it uses too much itself; a branch has been ended by then."""
        if isinstance(talker, _Itself):
            self.give_up()

    def close(self) -> None:
        """End the worker, and remove what it has written."""
        self.give_up()

    def give_up(self) -> None:
        """End the present worker."""
        if self._end_worker() and not self._is_replaced:
            self._lost = WorkerLost("crashed", "the process of your notebook is gone")

    def rest(self) -> None:
        """Stop the worker with its paused branches until `wake`; nothing else of it stays."""
        if self._worker is None:
            return
        try:
            self._rest = Rest(self._worker)
        except SandboxFailure:
            self.give_up()

    def wake(self) -> None:
        """Have the worker go on, where there is one."""
        self._rest = None
        if self._worker is not None:
            self._worker.go_on()

    def release(self) -> None:
        """End the worker to have its memory; what it has loaded is loaded anew when needed."""
        self._rest = None
        self._end_worker()

    @property
    def at_rest(self) -> Rest | None:
        """What is known of the worker at rest; None where there is none, or it is at work."""
        return self._rest if self._worker is not None else None

    @property
    def process(self) -> int:
        """The process id of the worker; 0 where there is none."""
        return 0 if self._worker is None else self._worker.process

    def _end_worker(self) -> bool:
        if self._worker is None:
            return False
        self._worker.close()
        self._worker = None
        remove_tree(str(self._scratch))
        return True

    def _files(self) -> list[str]:
        """What branches have written; what a notebook writes, it writes for all of its items."""
        return names_in(str(self._scratch)) if self._is_replaced else []

    def _begin(self) -> Worker:
        """Have a new worker; it runs the notebook, where there is one."""
        self._scratch, self._loaded = self._place.new_scratch(), set()
        job = self._loading.make_job(self._scratch)
        self._worker = self._zygote.open(job, self._loading.branches, self._beside)
        self._policy.verify(self._worker.report)
        notebook = self._loading.notebook
        if notebook is not None:
            try:
                # What goes wrong in it is told to each test that asks for what it should have made.
                deadline = time.monotonic() + self._loading.seconds + NOTEBOOK_GRACE_S
                self._look_up(self._worker, notebook.name, deadline)
            except ChannelError as error:
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
            except ChannelError:  # it went well in the branch; now each item sees for itself
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
        except ChannelError as error:
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

    def ask(self, request: Message, deadline: float) -> Message:
        try:
            return self._worker.ask(request, deadline)
        except ChannelError:
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
