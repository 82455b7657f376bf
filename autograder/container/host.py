"""Grade submissions, each in a container of its own, several at a time."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
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
from autograder.errors import AutograderError
from autograder.grading.batch import Task
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.item_records import item_so_far, written_item
from autograder.grading.judge import submission_record
from autograder.results import (
    ItemRecord,
    SubmissionRecord,
    from_dict,
    item_from_dict,
    write_answers,
)
from autograder.submission import Submission, SubmissionError, safe_name
from autograder.submission.kinds import is_loose
from autograder.submission.opening import see_that_it_is_there

_OVERHEAD_SECONDS = 180.0


@dataclass(frozen=True)
class ContainerRun:
    """What every container of a run is asked.

    Attributes:
        engine: starts them.
        config: what is graded; its isolation says that nothing is known yet.
        said: what containers have complained of and a person has been told.
    """

    engine: Engine
    config: GradingConfig
    said: set[str] = field(default_factory=set)

    @property
    def assignment(self) -> Assignment:
        """What is graded."""
        return self.config.assignment

    def orders(self, name: str) -> ContainerRequest:
        """What is asked of the container of one submission."""
        config = self.config
        return ContainerRequest(
            name, config.wanted, config.seed, config.policy.insecure, config.full, config.run_seed
        )


@dataclass
class _Container:
    """One container, and what it has said."""

    run: ContainerRun
    submission: Submission
    tell: Callable[[str, str], None]
    name: str = field(default_factory=new_name)
    started: float = field(default_factory=time.monotonic)
    items: dict[str, ItemRecord] = field(default_factory=dict)
    record: SubmissionRecord | None = None
    refused: str = ""

    def grade(self) -> SubmissionRecord:
        """Run it to its end."""
        if not self.submission.path.exists():
            return self._explained("There is no submission: no such folder or zip.", "failed")
        try:  # a link in a place is not mounted
            see_that_it_is_there(self.submission)
        except SubmissionError as error:
            return self._explained(str(error), "failed")
        engine = self.run.engine
        words = [*engine.run_words(self.name, _mounts(self.submission.path))]
        words += [PYTHON, "-m", "autograder.container.inside", self.run.assignment.id]
        words += [json.dumps(asdict(self.run.orders(self.submission.name)))]
        late = threading.Event()
        try:
            with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                seconds = self.run.config.seconds_at_most + _OVERHEAD_SECONDS
                timer = threading.Timer(seconds, self._stop, [late])
                timer.start()
                errors = _Tail(process.stderr)
                for line in process.stdout or ():
                    self._take(line)
                process.wait()
                timer.cancel()
            if self.record is not None:
                self._pass_on(errors.text())
                return self.record
            if self.refused:
                return self._explained(self.refused)
            if late.is_set():
                return self._explained("the container took longer than all time limits together")
            return self._explained(
                why_it_ended(engine.state(self.name), errors.text(), engine.memory)
            )
        finally:
            engine.remove(self.name)

    def _pass_on(self, text: str) -> None:
        """Show what a container has to say besides, such as what stands in for a data set."""
        if text and text not in self.run.said:
            self.run.said.add(text)
            print(text, file=sys.stderr)

    def _stop(self, late: threading.Event) -> None:
        late.set()
        self.run.engine.remove(self.name)

    def _take(self, line: bytes) -> None:
        """Take in one line that it has said."""
        if not line.strip():
            return
        try:
            [(what, value)] = json.loads(line).items()
            if what == "begins":
                self.tell(self.submission.name, str(value))
            elif what == "ended":
                item = item_from_dict(value)
                self.items[item.id] = item
            elif what == "answers" and self.run.config.results is not None:
                write_answers(self.run.config.results, {**value, "name": self.submission.name})
            elif what == "record":
                self.record = replace(from_dict(value), name=self.submission.name)
            elif what == "refused":
                self.refused = str(AutograderError(*map(str, value)))
        except (ValueError, TypeError, AttributeError, AutograderError) as error:
            self.refused = f"the container said something that is no result ({error})"

    def _explained(self, message: str, status: Any = "grader_error") -> SubmissionRecord:
        """What is known, and why there is no more."""
        config = self.run.config
        items = []
        for item in self.run.assignment.items:
            if item.id not in config.wanted:
                continue
            if item.kind == "written":
                items.append(written_item(item))
            else:
                items.append(item_so_far(self.items.get(item.id), item, message, status))
        seconds = time.monotonic() - self.started
        name = self.submission.name
        return submission_record(name, items, config.seed, seconds, config.isolation)


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
        """What was written last."""
        self._thread.join(timeout=5.0)
        return "\n".join(self._lines)


def prepare(
    assignment: Assignment,
    wanted: Sequence[str],
    seed: int,
    insecure: bool,
    results: Path,
    full: bool,
    data_seed: int | None = None,
) -> ContainerRun:
    """Find engine and image, and hold the image against this tool and this rubric.

    Raises:
        AutograderError: nothing can be graded in containers here.
    """
    policy = SandboxPolicy("docker", insecure)
    isolation: Any = {"mode": "docker", "layers": {}}
    config = GradingConfig(
        assignment, tuple(wanted), seed, policy, isolation, results, full, data_seed
    )
    return prepare_for(config)


def prepare_for(config: GradingConfig) -> ContainerRun:
    """Find engine and image for an order that is there already, as `prepare` does."""
    engine = find_engine(config.assignment.id)
    ensure_built_from(engine, config.assignment.id, built_from(config.assignment))
    return ContainerRun(engine, config)


def grade_in_containers(
    run: ContainerRun,
    tasks: deque[Task],
    jobs: int,
    begin: Callable[[str, str], None] = lambda name, item_id: None,
) -> Generator[SubmissionRecord, None, None]:
    """Grade submissions, at most `jobs` at a time; yields records as they are finished.

    Args:
        run: what `prepare` has returned.
        tasks: taken from the left; whoever reads the records may add to them.
        jobs: containers at a time.
        begin: is told the name of a submission and the id of its item whose tests begin.
    """
    news: queue.SimpleQueue[tuple[str, str] | SubmissionRecord] = queue.SimpleQueue()
    working: dict[str, _Container] = {}

    def tell(name: str, item_id: str) -> None:
        news.put((name, item_id))

    def work(container: _Container) -> None:
        try:
            news.put(container.grade())
        except Exception as error:  # a defect of ours must end in a record
            news.put(container._explained(f"{type(error).__name__}: {error}"))

    with ThreadPoolExecutor(jobs) as pool:
        try:
            while tasks or working:
                while tasks and len(working) < jobs:
                    task = tasks.popleft().ready()
                    one = _Container(replace(run, config=task.config), task.submission, tell)
                    working[task.submission.name] = one
                    pool.submit(work, one)
                said = news.get()
                if isinstance(said, tuple):
                    begin(*said)
                else:
                    del working[said.name]
                    yield said
        finally:  # the caller may have stopped early
            for one in working.values():
                run.engine.remove(one.name)


def _is_loose(path: Path) -> bool:
    return is_loose(path.name) and not path.is_dir()


def _mounts(path: Path) -> list[tuple[Path, str]]:
    """What a container sees: the submission, and the data sets that this machine has."""
    # A notebook or module by itself is known by its name, so it is put into a folder.
    inside = f"{HANDED_IN}/{safe_name(path.name)}" if _is_loose(path) else str(HANDED_IN)
    mounts = [(path, inside)]
    data = given_folder() or cache_folder()
    if data.is_dir():
        mounts.append((data, str(GIVEN_DATA)))
    return mounts
