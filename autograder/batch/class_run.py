"""Run over the submissions of a class: reuse what is known, grade the rest, keep all of it.

A submission's files are written first, then its grading is stored in one transaction. If the run is
killed at any point, the next one finds each grading complete or not at all, and continues.
"""

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.batch.progress import GradingProgress
from autograder.batch.reuse import RegradePlan, merged, plan, plan_words, with_keys
from autograder.errors import AutograderError
from autograder.grading.cache_keys import CacheKeys
from autograder.grading.config import GradingConfig
from autograder.grading.judge_process import wanted_of
from autograder.grading.task import GradingTask, SeedOf
from autograder.intake import HandIn
from autograder.results import SubmissionRecord, write_results
from autograder.results.gradings import Grading, Gradings
from autograder.results.store import has_results, sweep
from autograder.submission import Submission, code_hash, fingerprint

_ROOM_BYTES = 16_000_000

Grade = Callable[[deque[GradingTask]], Generator[SubmissionRecord, None, None]]


@dataclass
class _SubmissionInProgress:
    """A submission that is being graded."""

    hand_in: HandIn
    hash: str
    known: Grading | None
    again: tuple[str, ...]


@dataclass
class ClassRun:
    """A run over the submissions of a class, and its progress.

    Attributes:
        config: what is graded of each.
        cache_keys: what gradings depend on.
        hand_ins: the submissions.
        gradings: the store of all gradings.
        folder: the results folder.
        regrade: whether what a change has touched is graded again.
        watcher: progress callbacks.
        seed_of: returns the seed of a submission; None to use the seed of `config`.
        tasks: what is graded next.
        graded: names of the submissions that were graded in this run.
        stale: for each submission that was graded under another bundle, that bundle's hash.
    """

    config: GradingConfig
    cache_keys: CacheKeys
    hand_ins: deque[HandIn]
    gradings: Gradings
    folder: Path
    regrade: bool
    watcher: GradingProgress
    seed_of: SeedOf | None = None
    tasks: deque[GradingTask] = field(default_factory=deque)
    graded: list[str] = field(default_factory=list)
    stale: dict[str, str] = field(default_factory=dict)
    _turns: dict[str, _SubmissionInProgress] = field(default_factory=dict)

    def run(self, grade: Grade, ahead: int) -> None:
        """Grade what has to be graded.

        Args:
            grade: grades tasks from the left of a queue, to which more are added meanwhile.
            ahead: how many tasks are kept in the queue.

        Raises:
            AutograderError: something cannot be written or unpacked; all that was graded is kept.
        """
        self.begin()
        self.fill(ahead)
        with closing(grade(self.tasks)) as records:
            for record in records:
                self.take(record)
                self.fill(ahead)

    def begin(self) -> None:
        """Remove the temporary files of a run that was killed."""
        sweep(self.folder)

    def fill(self, tasks: int) -> None:
        """Look at submissions until `tasks` tasks are waiting, or no submission is left."""
        while self.hand_ins and len(self.tasks) < tasks:
            self._look_at(self.hand_ins.popleft())

    def take(self, record: SubmissionRecord) -> None:
        """Store the record of a submission."""
        turn = self._turns.pop(record.name)
        grading = merged(turn.known, record, self.config.assignment)
        grading = with_keys(grading, turn.again, self.cache_keys.items)
        device = record.versions.get("device", "")
        self._keep(replace(grading, submission=turn.hash, device=device))
        turn.hand_in.drop()
        self.graded.append(record.name)
        self.watcher.finish(record.name)

    def _look_at(self, hand_in: HandIn) -> None:
        name, config = hand_in.submission.name, self.config
        _see_that_there_is_room()
        hand_in.fetch()
        found = fingerprint(hand_in.submission, wanted_of(config.assignment))
        known = self.gradings.find(name, found)
        if known is None and (earlier := self._same_code(hand_in.submission)) is not None:
            again = plan_words(earlier, config.assignment, config.wanted, self.cache_keys)
            self._grade_later(hand_in, found, earlier, again)
            return
        decided = plan(known, config.assignment, config.wanted, self.cache_keys, self.regrade)
        if decided.again:
            self._grade_later(hand_in, found, known, decided.again)
            return
        assert known is not None
        self._take_up(known, decided)
        hand_in.drop()
        self.watcher.skip(name)

    def _same_code(self, submission: Submission) -> Grading | None:
        """Return the last grading of a submission that had other words in its answers, or None."""
        written = {item.id for item in self.config.assignment.written_items}
        latest = self.gradings.latest(submission.name)
        if latest is None or written.isdisjoint(self.config.wanted):
            return None
        code = code_hash(submission, wanted_of(self.config.assignment))
        return self.gradings.find_code(submission.name, code)

    def _grade_later(
        self, hand_in: HandIn, found: str, known: Grading | None, again: tuple[str, ...]
    ) -> None:
        name, seed_of = hand_in.submission.name, self.seed_of
        if known is not None and seed_of is not None:
            seed_of = _always(known.record.seed)  # a record has one seed for all its items
        self._turns[name] = _SubmissionInProgress(hand_in, found, known, again)
        config = replace(self.config, wanted=again)
        self.tasks.append(GradingTask(config, hand_in.submission, seed_of=seed_of))

    def _take_up(self, known: Grading, decided: RegradePlan) -> None:
        if decided.stale:
            self.stale[known.record.name] = known.bundle
        if decided.refresh:
            nothing = replace(known.record, items=(), score=0.0, possible=0.0)
            anew = merged(known, nothing, self.config.assignment)
            self._keep(replace(anew, submission=known.submission, device=known.device))
        elif not self.gradings.is_latest(known):  # an earlier submission was put back
            write_results(self.folder, known.record)
            self.gradings.put(known)
        elif not has_results(self.folder, known.record):
            write_results(self.folder, known.record)

    def _keep(self, grading: Grading) -> None:
        write_results(self.folder, grading.record)
        self.gradings.put(replace(grading, bundle=self.cache_keys.hash))


def _always(seed: int) -> SeedOf:
    return lambda submission: seed


def _see_that_there_is_room() -> None:
    """Stop before student code is blamed for a full disk.

    Raises:
        AutograderError: too little space is left for what is being graded.
    """
    place = tempfile.gettempdir()
    if shutil.disk_usage(place).free < _ROOM_BYTES:
        raise AutograderError(
            "the disk for temporary files is full", place,
            "free some space or set TMPDIR to a folder with more, then run the same command again: "
            "it goes on where this one stopped",
        )  # fmt: skip
