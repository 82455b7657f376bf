"""Judge: manage the worker that has loaded a submission; each item is judged in a fork of it.

Importing packages or running a notebook again for each item would take much longer than a fork.
Changes that a fork makes to itself end with it, and so does everything that it has started. But
forks can leave data for each other in the worker, so tests with hidden inputs run after all tests
whose messages a student reads (test_phases.py).

    PackageLoader   loads nothing at first; the worker imports what the tests of one fork have found
                    before the next fork, so that a module which hangs, or ends the process, affects
                    only the items whose tests ask for it
    NotebookLoader  runs the notebook before the first fork

Between its public and its hidden phases a worker is at rest: it is stopped, with its paused forks
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
from autograder.sandbox.identity import remove_tree, remove_while_in_use
from autograder.sandbox.opening import names_in
from autograder.sandbox.requests import SandboxFailure
from autograder.sandbox.rest import Rest
from autograder.sandbox.worker_spec import WorkerSpec


class WorkerLost(Exception):
    """A process with student code does not answer any more.

    Attributes:
        status: the status that the running test gets, "timeout" or "crashed".
        words: what happened, for the student.
    """

    def __init__(self, status: str, words: str) -> None:
        self.status, self.words = status, words
        super().__init__(words)


def end_and_explain(
    error: ChannelError, process: StudentProcess, what: str, limit: str
) -> WorkerLost:
    """End a process that has not answered, and return an error that says why.

    Args:
        error: the error raised instead of a reply.
        process: the process that should have replied.
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
        return WorkerLost("crashed", f"the process of {what} sent an invalid answer")
    return WorkerLost("crashed", f"while {what} was running, {process.end_and_describe()}")


class Loader(ABC):
    """What a worker loads, and how: everything that differs between packages and a notebook.

    Args:
        submission_dir: the folder in which the submission is graded.
        items: the items that the worker serves, once for each phase.

    Attributes:
        reloads: whether loading is quick enough to be repeated: a lost worker is replaced, each
            fork gets its own seed, and its files are removed. Otherwise all items share what the
            single worker has made, and cannot be judged after it is lost.
        code: what is running in the worker, in words.
    """

    reloads: bool
    code: str

    def __init__(self, submission_dir: SubmissionDir, items: Sequence[Item]) -> None:
        self.submission_dir, self.items = submission_dir, items
        self.longest_item_s = max(item.timeout_s for item in items)

    @abstractmethod
    def spec(self, scratch: Path) -> WorkerSpec:
        """Return the spec of a worker, given an empty folder to work in."""

    @abstractmethod
    def load(self, worker: Worker) -> None:
        """Load what must be present before the first fork.

        Raises:
            WorkerLost: the worker was lost while it loaded.
        """


class PackageLoader(Loader):
    """Loads packages, for items with the same needs."""

    reloads = True
    code = "your code"

    def spec(self, scratch: Path) -> WorkerSpec:
        """Return the spec of a worker, as `Loader.spec` says."""
        first = self.items[0]
        return self.submission_dir.packages_spec(
            first.needs, self.longest_item_s, scratch, first.rules
        )

    def load(self, worker: Worker) -> None:
        """Load nothing: tests request what they need."""


class NotebookLoader(Loader):
    """Runs a notebook, which may import the packages."""

    reloads = False
    code = "your notebook"

    def __init__(
        self, submission_dir: SubmissionDir, items: Sequence[Item], notebook: Notebook
    ) -> None:
        super().__init__(submission_dir, items)
        self._notebook = notebook

    def spec(self, scratch: Path) -> WorkerSpec:
        """Return the spec of a worker, as `Loader.spec` says."""
        rules = self.items[0].rules
        return self.submission_dir.notebook_spec(
            self._notebook, self.longest_item_s, scratch, rules
        )

    def load(self, worker: Worker) -> None:
        """Run the notebook; errors in cells are kept for tests that ask for what is missing."""
        seconds = self.submission_dir.seconds_of(self._notebook)
        try:
            _look_up(worker, self._notebook.name, time.monotonic() + seconds + NOTEBOOK_GRACE_S)
        except ChannelError as error:
            limit = f"its time limit ({seconds:g} s)"
            raise end_and_explain(error, worker, self._notebook.path, limit) from None


class SubmissionWorker:
    """The worker that judges the items of a submission with the same needs.

    Args:
        submission_dir: the folder in which the submission is graded.
        loader: what the worker loads.
        zygote: the zygote that starts it.
        policy: how it must be confined.
        meanwhile: called regularly while the judge waits for the worker, to check on others.

    Attributes:
        known: names that are known to exist on the student's side (`rubric.session`).
    """

    def __init__(
        self,
        submission_dir: SubmissionDir,
        loader: Loader,
        zygote: Zygote,
        policy: SandboxPolicy,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self._submission_dir, self._loader = submission_dir, loader
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
        """Return a process that begins after loading: a fork, or the worker if it cannot fork.

        Args:
            seed: the seed of its random generators, if packages were loaded.

        Raises:
            WorkerLost: such a process could not be started.
        """
        if self._lost is not None:
            raise self._lost
        if self._loader.reloads and self._forking_left > 0:
            self._import_what_is_known()
        elif self._loader.reloads:
            self.close()  # something delays it; in a new worker, student code has not run yet
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
        """Keep a fork for later; return False if it has to be ended."""
        try:
            return self._worker is not None and not self._files() and fork.pause()
        except OSError:  # it has closed its folder
            return False

    def end(self, process: Fork | Worker) -> None:
        """End a process that `fork` returned, and remove files that others could find.

        A notebook's worker that serves its items itself continues as long as it answers.
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
                remove_while_in_use(str(self._scratch / name))
        except OSError:  # `close` removes the folder when no process uses it any more
            self.close()

    def excess(self) -> str:
        """Return in words which limit the worker exceeds with all that it has started, or ""."""
        return "" if self._worker is None else self._worker.excess()

    def close(self) -> None:
        """End the present worker, and remove what it has written."""
        if self._end_worker() and not self._loader.reloads:
            self._lost = WorkerLost("crashed", "the process of your notebook is gone")

    def rest(self) -> None:
        """Stop the worker with its paused forks until `resume`; its other processes are ended."""
        if self._worker is None:
            return
        try:
            self._rest = Rest(self._worker)
        except SandboxFailure:
            self.close()

    def resume(self) -> None:
        """Resume the worker, if one exists."""
        self._rest = None
        if self._worker is not None:
            self._worker.resume()

    def unload(self) -> None:
        """End the worker to free its memory; the same content is loaded again when needed."""
        self._rest = None
        self._end_worker()

    @property
    def at_rest(self) -> Rest | None:
        """The state of the worker at rest; None if no worker exists, or it is at work."""
        return self._rest if self._worker is not None else None

    @property
    def pid(self) -> int:
        """The process id of the worker; 0 if no worker exists."""
        return 0 if self._worker is None else self._worker.pid

    def _end_worker(self) -> bool:
        if self._worker is None:
            return False
        self._worker.close()
        self._worker = None
        remove_tree(str(self._scratch))
        return True

    def _files(self) -> list[str]:
        """Return what forks have written; what a notebook writes is kept for all of its items."""
        return names_in(str(self._scratch)) if self._loader.reloads else []

    def _begin(self) -> Worker:
        """Start a new worker, let it load, and return it."""
        self._scratch, self._imported = self._submission_dir.new_scratch(), set()
        spec, forks = self._loader.spec(self._scratch), len(self._loader.items)
        self._worker = self._zygote.open(spec, forks, self._meanwhile)
        self._policy.verify(self._worker.report)
        self._loader.load(self._worker)
        return self._worker

    def _import_what_is_known(self) -> None:
        """Let the worker import the modules that tests have found in a fork of it."""
        for name, kind in self.known.items():
            if self._worker is None:
                return
            if kind != "module" or name in self._imported or name in self._refused:
                continue
            if not all(map(str.isidentifier, name.split("."))):
                continue  # it was found inside another object, such as a list
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
            raise end_and_explain(error, worker, self._loader.code, limit) from None
        return fork or worker

    @contextmanager
    def _time_for_forking(self, is_ours: bool = False) -> Iterator[float]:
        """Yield the deadline of the preparation of a fork, which counts towards no item's limit.

        Args:
            is_ours: whether it runs without student code; if so, `FORKING_S` does not limit it.
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
