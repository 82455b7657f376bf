"""Judge: the worker that has loaded a submission; each item is judged in a fork of it.

Importing packages or running a notebook again for each item would take much longer than a fork.
What a fork does to itself ends with it, and so does everything that it has started. Forks can leave
notes for each other in the worker, so whatever has seen hidden inputs runs after everything whose
messages a student reads (test_phases.py).

    PackageLoader   nothing is loaded at first; what the tests of one fork have found is imported by
                    the worker before the next fork, so that a module which hangs, or ends the
                    process, costs only the items whose tests ask for it
    NotebookLoader  the notebook is run before the first fork

Between its public phases and its hidden ones a worker is at rest: stopped, with its paused forks
(resting.py).
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from autograder.assignment import Item, Notebook
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.submission_dir import (
    FORKING_S,
    NOTEBOOK_GRACE_S,
    ONE_FORK_S,
    SubmissionDir,
)
from autograder.remote.messages import Message, pack
from autograder.sandbox.channel import (
    ChannelError,
    ChannelMalformed,
    ChannelStopped,
    ChannelTimeout,
)
from autograder.sandbox.client import Fork, StudentProcess, Worker, Zygote
from autograder.sandbox.identity import remove_beside_others, remove_tree
from autograder.sandbox.opening import names_in
from autograder.sandbox.requests import SandboxFailure
from autograder.sandbox.rest import Rest
from autograder.sandbox.worker_spec import WorkerSpec


class WorkerLost(Exception):
    """A process with student code does not answer any more.

    Attributes:
        status: the status that this costs the running test, "timeout" or "crashed".
        words: what happened, for the student.
    """

    def __init__(self, status: str, words: str) -> None:
        self.status, self.words = status, words
        super().__init__(words)


def explain(error: ChannelError, process: StudentProcess, what: str, limit: str) -> WorkerLost:
    """End a process that has not answered, and say why.

    Args:
        error: what came instead of a reply.
        process: should have replied.
        what: what was running in it, in words.
        limit: its time limit, in words.
    """
    if isinstance(error, ChannelTimeout):
        process.close()
        words = f"{what} exceeded {limit}; check for an infinite or very slow loop"
        return WorkerLost("timeout", words)
    if isinstance(error, ChannelStopped):
        process.close()
        return WorkerLost("crashed", f"{what} was stopped: it used more than {error}")
    if isinstance(error, ChannelMalformed):
        process.close()
        return WorkerLost("crashed", f"the process of {what} sent something that is no answer")
    return WorkerLost("crashed", f"while {what} was running, {process.how_it_ended()}")


class Loader(ABC):
    """What a worker loads, and how: all that differs between packages and a notebook.

    Args:
        place: where the submission is graded.
        items: the items that the worker is for, once for each phase.

    Attributes:
        reloads: whether loading is quick enough to be repeated: a lost worker is replaced, each
            fork gets a seed of its own, and its files are removed. Otherwise all items share what
            the one worker has made, and are lost with it.
        code: what is running in the worker, in words.
    """

    reloads: bool
    code: str

    def __init__(self, place: SubmissionDir, items: Sequence[Item]) -> None:
        self.place, self.items = place, items
        self.longest_item_s = max(item.timeout_s for item in items)

    @abstractmethod
    def spec(self, scratch: Path) -> WorkerSpec:
        """What a worker is started with, given an empty folder to work in."""

    @abstractmethod
    def load(self, worker: Worker) -> None:
        """Load what has to be there before the first fork.

        Raises:
            WorkerLost: the worker was lost meanwhile.
        """


class PackageLoader(Loader):
    """Loads packages, for items with the same needs."""

    reloads = True
    code = "your code"

    def spec(self, scratch: Path) -> WorkerSpec:
        """As `Loader.spec`."""
        first = self.items[0]
        return self.place.packages_spec(first.needs, self.longest_item_s, scratch, first.rules)

    def load(self, worker: Worker) -> None:
        """Load nothing: tests ask for what they need."""


class NotebookLoader(Loader):
    """Runs a notebook, which may import the packages."""

    reloads = False
    code = "your notebook"

    def __init__(self, place: SubmissionDir, items: Sequence[Item], notebook: Notebook) -> None:
        super().__init__(place, items)
        self._notebook = notebook

    def spec(self, scratch: Path) -> WorkerSpec:
        """As `Loader.spec`."""
        rules = self.items[0].rules
        return self.place.notebook_spec(self._notebook, self.longest_item_s, scratch, rules)

    def load(self, worker: Worker) -> None:
        """As `Loader.load`; errors in cells are kept for the tests that ask for what they miss."""
        seconds = self.place.seconds_of(self._notebook)
        try:
            _look_up(worker, self._notebook.name, time.monotonic() + seconds + NOTEBOOK_GRACE_S)
        except ChannelError as error:
            limit = f"its time limit ({seconds:g} s)"
            raise explain(error, worker, self._notebook.path, limit) from None


class SubmissionWorker:
    """The worker that the items of a submission with the same needs are judged by.

    Args:
        place: where the submission is graded.
        loader: what the worker loads.
        zygote: starts it.
        policy: how it has to be confined.
        meanwhile: called now and then while the worker is waited for, to look after others.

    Attributes:
        known: names that are known to be on the student's side (`rubric.session`).
    """

    def __init__(
        self,
        place: SubmissionDir,
        loader: Loader,
        zygote: Zygote,
        policy: SandboxPolicy,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self._place, self._loader = place, loader
        self._zygote, self._policy, self._meanwhile = zygote, policy, meanwhile
        self._rest: Rest | None = None
        self._worker: Worker | None = None
        self._scratch = Path()
        self._lost: WorkerLost | None = None
        self._forking_left = FORKING_S
        self.known: dict[str, str] = {}
        self._imported: set[str] = set()  # by the present worker
        self._refused: set[str] = set()  # names whose import has cost a worker

    def fork(self, seed: int) -> Fork | Worker:
        """A process that begins where loading has ended: the worker itself where it cannot fork.

        Args:
            seed: for its random generators, where packages were loaded.

        Raises:
            WorkerLost: no such process could be had.
        """
        if self._lost is not None:
            raise self._lost
        if self._loader.reloads and self._forking_left > 0:
            self._import_what_is_known()
        elif self._loader.reloads:
            self.close()  # something holds it up; in a new one no student code has run
        while True:
            is_new = self._worker is None
            try:
                return self._fork(self._worker or self._begin(), seed, is_new)
            except WorkerLost as lost:
                self.close()
                if not self._loader.reloads:
                    self._lost = lost
                if is_new or not self._loader.reloads:
                    raise

    def pause(self, fork: Fork) -> bool:
        """Keep a fork for later; False where it has to be ended."""
        try:
            return self._worker is not None and not self._files() and fork.pause()
        except OSError:  # it has closed its folder
            return False

    def end(self, process: Fork | Worker) -> None:
        """End a process that `fork` returned, and remove files that others could find.

        A notebook's worker that serves its items itself goes on as long as it answers.
        """
        if process is self._worker:
            if self._loader.reloads or not process.is_open:
                self.close()
            return
        process.close()
        if self._worker is None:
            return
        try:
            for name in self._files():
                remove_beside_others(str(self._scratch / name))
        except OSError:  # the folder is removed when no process is at work in it any more
            self.close()

    def excess(self) -> str:
        """Which limit the worker exceeds with all that it has started, in words; "" for none."""
        return "" if self._worker is None else self._worker.excess()

    def close(self) -> None:
        """End the present worker, and remove what it has written."""
        if self._end_worker() and not self._loader.reloads:
            self._lost = WorkerLost("crashed", "the process of your notebook is gone")

    def rest(self) -> None:
        """Stop the worker with its paused forks until `resume`; nothing else of it stays."""
        if self._worker is None:
            return
        try:
            self._rest = Rest(self._worker)
        except SandboxFailure:
            self.close()

    def resume(self) -> None:
        """Have the worker go on, where there is one."""
        self._rest = None
        if self._worker is not None:
            self._worker.resume()

    def unload(self) -> None:
        """End the worker to free its memory; the same is loaded again when needed."""
        self._rest = None
        self._end_worker()

    @property
    def at_rest(self) -> Rest | None:
        """What is known of the worker at rest; None where it has none, or it is at work."""
        return self._rest if self._worker is not None else None

    @property
    def process(self) -> int:
        """The process id of the worker; 0 where it has none."""
        return 0 if self._worker is None else self._worker.process

    def _end_worker(self) -> bool:
        if self._worker is None:
            return False
        self._worker.close()
        self._worker = None
        remove_tree(str(self._scratch))
        return True

    def _files(self) -> list[str]:
        """What forks have written; what a notebook writes, it writes for all of its items."""
        return names_in(str(self._scratch)) if self._loader.reloads else []

    def _begin(self) -> Worker:
        """Start a new worker and have it load."""
        self._scratch, self._imported = self._place.new_scratch(), set()
        spec, forks = self._loader.spec(self._scratch), len(self._loader.items)
        self._worker = self._zygote.open(spec, forks, self._meanwhile)
        self._policy.verify(self._worker.report)
        self._loader.load(self._worker)
        return self._worker

    def _import_what_is_known(self) -> None:
        """Have the worker import the modules that tests have found in a fork of it."""
        for name, kind in self.known.items():
            if self._worker is None:
                return
            if kind != "module" or name in self._imported or name in self._refused:
                continue
            if not all(map(str.isidentifier, name.split("."))):
                continue  # it was found within something else, such as a list
            self._worker.resume()
            try:
                with self._time_for_forking() as deadline:
                    _look_up(self._worker, name, deadline)
                self._imported.add(name)
            except ChannelError:  # it worked in the fork; from now on each item imports it itself
                self._refused.add(name)
                self.close()

    def _fork(self, worker: Worker, seed: int, is_new: bool) -> Fork | Worker:
        alone = self._loader.reloads
        try:
            with self._time_for_forking(is_new and alone) as deadline:
                fork = worker.fork(deadline, seed if alone else None, alone)
        except ChannelError as error:
            limit = f"the time limit ({FORKING_S:g} s) for preparing a process for each item"
            raise explain(error, worker, self._loader.code, limit) from None
        return fork or worker

    @contextmanager
    def _time_for_forking(self, is_ours: bool = False) -> Iterator[float]:
        """The deadline of what is done so that a fork can begin; no item pays for that.

        Args:
            is_ours: whether no student code takes part in it; such work is never too late.
        """
        started = time.monotonic()
        try:
            yield started + (ONE_FORK_S if is_ours else min(self._forking_left, ONE_FORK_S))
        finally:
            self._forking_left -= time.monotonic() - started


def _look_up(worker: Worker, name: str, deadline: float) -> None:
    fields = {"operation": "found", "path": name.split("."), "keep": True}
    worker.ask(pack(fields, _refuse, 1000), deadline)


def _refuse(value: object) -> Message:
    raise TypeError(type(value).__name__)
