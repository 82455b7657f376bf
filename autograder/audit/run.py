"""Grade all trials of an audit, as submissions are graded."""

import shutil
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.audit.asked import read_asked
from autograder.audit.dependencies import Reach
from autograder.audit.outcomes import ItemOutcome, Keys, Store
from autograder.audit.trials import AuditPlan, Trial, draws_of
from autograder.grading.config import GradingConfig
from autograder.grading.session import GradingRequest, GradingSession
from autograder.grading.task import GradingTask
from autograder.release import write_release
from autograder.results import SubmissionRecord
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder
from autograder.submission import Submission

# An endless loop in a mutant must not cost an item's whole time limit: a mutant that takes so many
# times as long as the reference counts as killed.
_TIMES_THE_REFERENCE = 10.0
_LEAST_SECONDS = 3.0

Results = dict[str, dict[str, ItemOutcome]]  # by the names of trials and the ids of items


@dataclass
class AuditProgress:
    """Progress callbacks; the default ignores them."""

    def plan(self, trials: int) -> None:
        """Called with the number of trials."""

    def begin(self, name: str, item_id: str) -> None:
        """Called when the tests of an item of a trial begin."""

    def finish(self, name: str) -> None:
        """Called when a trial has been graded."""


@dataclass(frozen=True)
class Setting:
    """How an audit grades.

    Attributes:
        seed: the seed of every random draw.
        jobs: how many trials are graded at the same time.
        store: the outcomes of earlier runs, to which those of this one are added.
        mode: the isolation mode; None to detect it.
        insecure: whether missing layers of the sandbox are accepted.
    """

    seed: int
    jobs: int
    store: Store
    mode: str | None = None
    insecure: bool = False


def run_trials(
    assignment: Assignment, plan: AuditPlan, setting: Setting, watcher: AuditProgress
) -> Results:
    """Grade the trials of a plan, and return the outcome of each item of each trial.

    Raises:
        AutograderError: student code cannot be confined here, or something is missing.
    """
    request = GradingRequest(
        assignment,
        tuple(item.id for item in assignment.auto_items),
        setting.seed,
        mode=setting.mode,
        insecure=setting.insecure,
        jobs=setting.jobs,
    )
    with GradingSession.open(request) as session, session.run_data() as data, _folder() as folder:
        config = session.config
        known = [data.whole.sha256_of(name) for name in config.datasets]
        circumstances = (setting.seed, config.policy.mode, known)
        keys = Keys(assignment, Reach(assignment), circumstances)
        audit = _Audit(config, plan, setting, keys, folder, watcher)
        for record in session.grade_tasks(audit.tasks, data, watcher.begin):
            audit.take(record)
    return audit.results


@contextmanager
def _folder() -> Iterator[Path]:
    folder = temporary_folder("autograder-audit-")
    try:
        yield folder
    finally:
        remove_temporary_folder(folder)


@dataclass
class _TrialInProgress:
    """A trial that is being graded, and the items that follow."""

    trial: Trial
    keys: Mapping[str, str]
    later: tuple[str, ...]


class _Audit:
    """The trials that are not done, and the outcomes of the others.

    Attributes:
        tasks: what is graded next; as long as trials wait, there is one for every judge.
        results: the outcome of each item of each trial.
    """

    def __init__(
        self,
        config: GradingConfig,
        plan: AuditPlan,
        setting: Setting,
        keys: Keys,
        folder: Path,
        watcher: AuditProgress,
    ) -> None:
        self._config, self._jobs, self._store = config, setting.jobs, setting.store
        self._seed, self._plan = setting.seed, plan
        self._keys, self._folder, self._watcher = keys, folder, watcher
        self.tasks: deque[GradingTask] = deque()
        self.results: Results = {}
        self._waiting = deque(plan.others)
        self._turns: dict[str, _TrialInProgress] = {}
        self._impatient = config
        watcher.plan(len(plan.first) + len(plan.others))
        self._of_reference: dict[str, str] = {}
        for trial in plan.first:
            self._start(trial)
        self._refill()

    def take(self, record: SubmissionRecord) -> None:
        """Keep the outcomes of a record, and start what follows."""
        turn = self._turns[record.name]
        shutil.rmtree(self._folder / record.name, ignore_errors=True)
        asked = read_asked(self._asked_file(record.name)) if turn.trial.is_observed else {}
        for item in record.items:
            outcome = ItemOutcome.of(item, asked.get(item.id, ()))
            is_killed = turn.trial.mutant is not None and outcome.status != "grader_error"
            self._store.put(turn.keys[item.id], outcome, keep=is_killed)
            self.results[record.name][item.id] = outcome
        self._go_on(turn)
        self._refill()

    def _refill(self) -> None:
        """Start trials until every judge has a task; none before the reference is done."""
        while self._is_measured and self._waiting and len(self.tasks) < self._jobs:
            self._start(self._waiting.popleft())

    @property
    def _is_measured(self) -> bool:
        return "reference" in self.results and "reference" not in self._turns

    def _start(self, trial: Trial) -> None:
        keys = self._keys.of(trial.make())
        if trial.kind == "reference":
            self._of_reference = keys
        if trial.kind == "again":
            keys = {item_id: f"{key} again" for item_id, key in keys.items()}
        if trial.seed is not None:
            keys = {item_id: f"{key} seed {trial.seed}" for item_id, key in keys.items()}
        if trial.mutant is not None:  # less patience; what it does not touch is as it was
            keys = {
                item_id: key if key == self._of_reference[item_id] else f"{key} mutant"
                for item_id, key in keys.items()
            }
        self._turns[trial.name] = _TrialInProgress(trial, keys, trial.later)
        self.results[trial.name] = {}
        self._ask_for(self._turns[trial.name], trial.items)

    def _ask_for(self, turn: _TrialInProgress, items: tuple[str, ...]) -> None:
        """Look up the outcomes of items, and grade those that are not known."""
        known = {item_id: self._known(turn, item_id) for item_id in items}
        found = {item_id: outcome for item_id, outcome in known.items() if outcome is not None}
        self.results[turn.trial.name] |= found
        missing = tuple(item_id for item_id in items if item_id not in found)
        if missing:
            self.tasks.append(self._task(turn.trial, missing))
        else:
            self._go_on(turn)

    def _known(self, turn: _TrialInProgress, item_id: str) -> ItemOutcome | None:
        if turn.keys[item_id] == self._of_reference[item_id] and self._is_measured:
            return self.results["reference"][item_id]
        return self._store.get(turn.keys[item_id])

    def _go_on(self, turn: _TrialInProgress) -> None:
        later, turn.later = turn.later, ()
        outcomes = self.results[turn.trial.name]
        if later and all(outcome.is_full for outcome in outcomes.values()):
            self._ask_for(turn, later)
            return
        del self._turns[turn.trial.name]
        self._watcher.finish(turn.trial.name)
        if turn.trial.kind == "reference":
            self._impatient = _impatient(self._config, outcomes)
            self._draw(turn.trial, outcomes)

    def _draw(self, reference: Trial, outcomes: Mapping[str, ItemOutcome]) -> None:
        """Grade the items that have limits with other random inputs."""
        items = tuple(
            item_id
            for item_id, outcome in outcomes.items()
            if any(line.is_limit for line in outcome.asked)
        )
        draws = draws_of(reference, items, self._seed, self._plan.draws)
        self._waiting.extend(draws)
        plan = self._plan
        self._watcher.plan(len(plan.first) + len(plan.others) + len(draws))

    def _asked_file(self, name: str) -> Path:
        return self._folder / f"{name}.asked.json"

    def _task(self, trial: Trial, items: tuple[str, ...]) -> GradingTask:
        place = self._folder / trial.name

        def make() -> None:
            write_release(trial.make(), place)

        config = self._config if trial.mutant is None else self._impatient
        config = replace(
            config,
            wanted=items,
            seed=config.seed if trial.seed is None else trial.seed,
            observed=self._asked_file(trial.name) if trial.is_observed else None,
        )
        return GradingTask(config, Submission(trial.name, place), make)


def _impatient(config: GradingConfig, reference: Mapping[str, ItemOutcome]) -> GradingConfig:
    """Return the configuration with time limits that follow the reference's time."""
    assignment = config.assignment
    items = tuple(
        replace(item, timeout_s=min(item.timeout_s, _patience(reference[item.id])))
        if item.id in reference
        else item
        for item in assignment.items
    )
    return replace(config, assignment=replace(assignment, items=items))


def _patience(reference: ItemOutcome) -> float:
    return max(_LEAST_SECONDS, _TIMES_THE_REFERENCE * reference.seconds)
