"""Grade submissions, each in a container of its own, several at a time."""

import json
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.container.digest import built_from
from autograder.container.engine import (
    PYTHON,
    Engine,
    ensure_built_from,
    find_engine,
    new_name,
    why_it_ended,
)
from autograder.container.inside import GIVEN_DATA, HANDED_IN, ContainerRequest
from autograder.datasets.places import cache_folder, given_folder
from autograder.grading.config import GradingConfig
from autograder.grading.events import (
    AnswersFound,
    GradingFailed,
    ItemBegins,
    ItemEnded,
    SubmissionGraded,
    decode,
)
from autograder.grading.task import GradingTask
from autograder.results import SubmissionRecord, write_answers
from autograder.submission import SubmissionError, safe_name
from autograder.submission.kinds import is_loose
from autograder.submission.opening import see_that_it_is_there

_OVERHEAD_SECONDS = 180.0


@dataclass(frozen=True)
class ContainerRun:
    """What all containers of a run have in common.

    Attributes:
        engine: starts containers.
        shown: warnings of containers that were shown already.
    """

    engine: Engine
    shown: set[str] = field(default_factory=set)


@dataclass
class _Container:
    """One container, and what it has reported.

    Attributes:
        run: what all containers have in common.
        task: the submission, and its items that have ended.
        begin: called with the name of the submission and the id of the item whose tests begin.
        name: the container's name.
        record: the record, once it has been reported.
        failure: why it has no record, as far as the container has reported it.
    """

    run: ContainerRun
    task: GradingTask
    begin: Callable[[str, str], None]
    name: str = field(default_factory=new_name)
    record: SubmissionRecord | None = None
    failure: str = ""

    def grade(self) -> SubmissionRecord:
        """Run the container to its end."""
        task, engine = self.task, self.run.engine
        if not task.submission.path.exists():
            return task.ungraded("The submission was not found: no such folder or zip.", "failed")
        try:  # a symbolic link in a class's folder is not mounted
            see_that_it_is_there(task.submission)
        except SubmissionError as error:
            return task.ungraded(str(error), "failed")
        words = [*engine.run_words(self.name, _mounts(task.submission.path))]
        words += [PYTHON, "-m", "autograder.container.inside", task.config.assignment.id]
        words += [json.dumps(asdict(_request(task)))]
        late = threading.Event()
        try:
            with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                seconds = task.config.seconds_at_most + _OVERHEAD_SECONDS
                timer = threading.Timer(seconds, self._stop, [late])
                timer.start()
                errors = _Tail(process.stderr)
                for line in process.stdout or ():
                    self._take(line)
                process.wait()
                timer.cancel()
            if self.record is not None:
                self._show(errors.text())
                return self.record
            if self.failure:
                return task.ungraded(self.failure)
            if late.is_set():
                return task.ungraded("the container took longer than all time limits together")
            reason = why_it_ended(engine.state(self.name), errors.text(), engine.memory)
            return task.ungraded(reason)
        finally:
            engine.remove(self.name)

    def _show(self, warnings: str) -> None:
        """Show a container's warnings once, such as that a dataset is replaced by a stand-in."""
        if warnings and warnings not in self.run.shown:
            self.run.shown.add(warnings)
            print(warnings, file=sys.stderr)

    def _stop(self, late: threading.Event) -> None:
        late.set()
        self.run.engine.remove(self.name)

    def _take(self, line: bytes) -> None:
        """Process one line of the container's output."""
        if not line.strip():
            return
        name, results = self.task.submission.name, self.task.config.results
        try:
            for event in decode(line):
                match event:
                    case ItemBegins(item_id):
                        self.begin(name, item_id)
                    case ItemEnded(item):
                        self.task.items[item.id] = item
                    case AnswersFound(document) if results is not None:
                        write_answers(results, {**document, "name": name})
                    case SubmissionGraded(record):
                        self.record = replace(record, name=name)
                    case GradingFailed(message):
                        self.failure = message
        except ValueError as error:
            self.failure = f"the container reported something that is not a result ({error})"


class _Tail:
    """The end of what a process writes to standard error."""

    def __init__(self, stream: Any) -> None:
        self._lines: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: Any) -> None:
        for line in stream:
            self._lines = [*self._lines[-20:], line.decode("utf-8", "replace").rstrip()]

    def text(self) -> str:
        """Return the lines that were written last."""
        self._thread.join(timeout=5.0)
        return "\n".join(self._lines)


def prepare_containers(config: GradingConfig) -> ContainerRun:
    """Find engine and image, and compare the image with this tool and this rubric.

    Raises:
        AutograderError: nothing can be graded in containers here.
    """
    engine = find_engine(config.assignment.id)
    ensure_built_from(engine, config.assignment.id, built_from(config.assignment))
    return ContainerRun(engine)


def grade_in_containers(
    run: ContainerRun,
    tasks: deque[GradingTask],
    jobs: int,
    begin: Callable[[str, str], None] = lambda name, item_id: None,
) -> Generator[SubmissionRecord, None, None]:
    """Grade submissions, at most `jobs` at a time; yield records as they are finished.

    Args:
        run: what `prepare_containers` has returned.
        tasks: the submissions, taken from the left; the reader of the records may add to them.
        jobs: how many containers run at a time.
        begin: called with the name of a submission and the id of the item whose tests begin.
    """
    arrived: queue.SimpleQueue[tuple[str, str] | SubmissionRecord] = queue.SimpleQueue()
    working: dict[str, _Container] = {}

    def report(name: str, item_id: str) -> None:
        arrived.put((name, item_id))

    def work(container: _Container) -> None:
        try:
            arrived.put(container.grade())
        except Exception as error:  # a defect of the grader ends in a record
            arrived.put(container.task.ungraded(f"{type(error).__name__}: {error}"))

    with ThreadPoolExecutor(jobs) as pool:
        try:
            while tasks or working:
                while tasks and len(working) < jobs:
                    container = _Container(run, tasks.popleft().ready(), report)
                    working[container.task.submission.name] = container
                    pool.submit(work, container)
                one = arrived.get()
                if isinstance(one, tuple):
                    begin(*one)
                else:
                    del working[one.name]
                    yield one
        finally:  # the caller may have stopped early
            for container in working.values():
                run.engine.remove(container.name)


def _request(task: GradingTask) -> ContainerRequest:
    config = task.config
    return ContainerRequest(
        task.submission.name,
        config.wanted,
        config.seed,
        config.policy.insecure,
        config.full,
        config.run_seed,
    )


def _is_loose(path: Path) -> bool:
    return is_loose(path.name) and not path.is_dir()


def _mounts(path: Path) -> list[tuple[Path, str]]:
    """Return what is mounted: the submission, and the datasets that this machine has."""
    # A single notebook or module is recognised by its name, so it is mounted into a folder.
    inside = f"{HANDED_IN}/{safe_name(path.name)}" if _is_loose(path) else str(HANDED_IN)
    mounts = [(path, inside)]
    data = given_folder() or cache_folder()
    if data.is_dir():
        mounts.append((data, str(GIVEN_DATA)))
    return mounts
