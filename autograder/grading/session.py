"""Open a run: every way of grading begins here.

A session launches a zygote, examines the sandbox, refuses a machine that does not confine student
code as the mode requires, checks that everything the items need is installed, and derives the
seeds. The commands, class runs, containers, grading servers, Gradescope, the audit and the tests
all use it. Large libraries are imported only after the zygote has been launched, so that both
processes import at the same time.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any

from autograder.assignment import Assignment
from autograder.sandbox.launch import Launched, launch, use_one_thread
from autograder.sandbox.modes import present_mode

if TYPE_CHECKING:
    from autograder.grading.config import GradingConfig
    from autograder.grading.planted_code import PlantedCode
    from autograder.grading.run_data import RunData
    from autograder.grading.seeding import Seeds
    from autograder.grading.task import GradingTask
    from autograder.results import ItemRecord, SubmissionRecord
    from autograder.submission import Submission


@dataclass(frozen=True)
class GradingRequest:
    """What a person asks for when starting a grading.

    Attributes:
        assignment: the assignment.
        wanted: ids of the items that are graded, auto and written; None for all items.
        seed: one seed for all submissions; None to derive one for each from the results folder's
            secret key.
        results: the results folder, for written answers and the key; None to store neither.
        mode: the isolation mode; None to detect it.
        insecure: whether missing layers of the sandbox are accepted.
        full: whether notebooks run unchanged, instead of with fast parameters on small data.
        jobs: how many submissions are graded at the same time.
        data_seed: the seed of the small datasets; None to use `seed`, or the key.
        secrets: additional files and folders that workers must not be able to read.
    """

    assignment: Assignment
    wanted: tuple[str, ...] | None = None
    seed: int | None = None
    results: Path | None = None
    mode: str | None = None
    insecure: bool = False
    full: bool = False
    jobs: int = 1
    data_seed: int | None = None
    secrets: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """The ids of the items that are graded."""
        if self.wanted is not None:
            return self.wanted
        return tuple(item.id for item in self.assignment.items)


class GradingSession:
    """One run, from opening to closing; a context manager.

    Example:
        with GradingSession.open(GradingRequest(assignment, seed=1)) as session:
            for record in session.grade(find_submissions(paths)):
                print(record.name, record.score)

    Args:
        request: what is graded, and how.
        elsewhere: whether workers are started elsewhere, in containers or on a cluster; if so, this
            machine needs neither a sandbox nor the libraries that the items need.

    Attributes:
        request: what is graded, and how.
        config: what is graded, as the judge needs it; set by `prepare`.
        seeds: the seeds of the submissions; set by `prepare`.
    """

    request: GradingRequest
    config: "GradingConfig"
    seeds: "Seeds"

    def __init__(self, request: GradingRequest, elsewhere: bool = False) -> None:
        self.request = request
        use_one_thread()
        self._launched: Launched | None = None if elsewhere else launch()

    @classmethod
    def open(cls, request: GradingRequest, elsewhere: bool = False) -> "GradingSession":
        """Start a session and prepare it.

        Raises:
            AutograderError: nothing can be graded here; `IsolationRefused` if a layer is missing.
        """
        session = cls(request, elsewhere)
        try:
            session.prepare()
        except BaseException:
            session.close()
            raise
        return session

    def prepare(self, recorded: Mapping[str, int] = MappingProxyType({})) -> None:
        """Derive the seeds, examine the sandbox and check what is installed.

        Args:
            recorded: the seeds of earlier gradings, by the hash of the submission's content.

        Raises:
            AutograderError: nothing can be graded here; `IsolationRefused` if a layer is missing.
        """
        from autograder.grading.config import GradingConfig
        from autograder.grading.isolation import SandboxPolicy, ensure, examine
        from autograder.grading.requirements import ensure_installed

        request = self.request
        policy = SandboxPolicy(request.mode or present_mode(), request.insecure)
        self.seeds = self._seeds(recorded)
        isolation: Any = {"mode": policy.mode, "layers": {}}
        if self._launched is not None:
            report = examine(self._launched, self._secrets())
            ensure(policy, report)
            isolation = policy.isolation(report)
        data_seed = self.seeds.data if request.data_seed is None else request.data_seed
        seed = data_seed if request.seed is None else request.seed
        self.config = GradingConfig(
            request.assignment,
            request.items,
            seed,
            policy,
            isolation,
            request.results,
            request.full,
            data_seed=data_seed,
            planted=self._planted(),
        )
        if self._launched is not None:
            ensure_installed(self.config)

    def run_data(self) -> "AbstractContextManager[RunData]":
        """Prepare the datasets of the run, and remove the copies when it ends."""
        from autograder.grading.run_data import run_data

        return run_data(self.config)

    def tasks(self, submissions: "Sequence[Submission]") -> "deque[GradingTask]":
        """Return the tasks of submissions, each with its own seed."""
        from autograder.grading.task import GradingTask

        return deque(GradingTask(self.config, one, seed_of=self.seeds.of) for one in submissions)

    def grade(
        self,
        submissions: "Sequence[Submission]",
        begin: Callable[[str, str], None] = lambda name, item_id: None,
        ended: "Callable[[str, ItemRecord], None]" = lambda name, item: None,
    ) -> "Iterator[SubmissionRecord]":
        """Grade submissions; yield each record when it is finished.

        Args:
            submissions: the submissions.
            begin: called with the name of a submission and the id of the item whose tests begin.
            ended: called with the name of a submission and the record of an item that has ended.

        Raises:
            AutograderError: a dataset is missing.
        """
        from autograder.grading.judge_pool import JudgePool

        pool = JudgePool(self._zygote(), begin, ended)
        try:
            pool.launch_for(self.config)
            with self.run_data() as data:
                yield from pool.grade(self.tasks(submissions), self.request.jobs, data)
        finally:
            pool.close()

    def grade_tasks(
        self,
        tasks: "deque[GradingTask]",
        data: "RunData",
        begin: Callable[[str, str], None] = lambda name, item_id: None,
    ) -> "Generator[SubmissionRecord, None, None]":
        """Grade submissions that each have their own configuration, as `grade` does.

        Args:
            tasks: the submissions, taken from the left; the consumer of the records may add more.
            data: the datasets of the run.
            begin: called with the name of a submission and the id of the item whose tests begin.
        """
        from autograder.grading.judge_pool import JudgePool

        pool = JudgePool(self._zygote(), begin)
        try:
            yield from pool.grade(tasks, self.request.jobs, data)
        finally:
            pool.close()

    def grade_one(
        self,
        submission: "Submission",
        begin: Callable[[str], None] = lambda item_id: None,
        ended: "Callable[[ItemRecord], None]" = lambda item: None,
    ) -> "SubmissionRecord":
        """Grade one submission and return its record; the arguments are those of `grade`."""
        [record] = self.grade(
            [submission],
            lambda name, item_id: begin(item_id),
            lambda name, item: ended(item),
        )
        return record

    def close(self) -> None:
        """End the first zygote; `grade` and `grade_tasks` have already ended all others."""
        if self._launched is not None:
            self._launched.close()

    def __enter__(self) -> "GradingSession":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _zygote(self) -> Launched:
        if self._launched is None:
            raise ValueError("the workers of this session are started elsewhere")
        return self._launched

    def _planted(self) -> "Mapping[str, PlantedCode]":
        """Make the code that tests of students are run on, for the items that have such tests."""
        from autograder.grading.planted_code import load_planted

        assignment = self.request.assignment
        needed = assignment.with_foundations(self.request.items)
        items = [item for item in assignment.items if item.tests and item.id in needed]
        return {item.id: load_planted(assignment, item) for item in items}

    def _seeds(self, recorded: Mapping[str, int]) -> "Seeds":
        from autograder.grading.judge_process import wanted_of
        from autograder.grading.seeding import Seeds, seeds_for

        request, wanted = self.request, wanted_of(self.request.assignment)
        if request.results is None:
            return Seeds(wanted, request.seed)
        return seeds_for(request.results, wanted, request.seed, recorded)

    def _secrets(self) -> list[str]:
        """Return what workers must not be able to read: hidden tests, solutions and the key."""
        from autograder.grading.isolation import secrets_of
        from autograder.grading.seeding import KEY_FILE

        secrets = [*secrets_of(self.request.assignment), *self.request.secrets]
        if self.request.results is not None:
            secrets.append(str((self.request.results / KEY_FILE).absolute()))
        return secrets
