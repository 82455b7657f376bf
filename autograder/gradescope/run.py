"""Grade the one submission that Gradescope has placed here; `run_autograder` starts this.

    python -m autograder.gradescope.run          in the folder that holds source/ and submission/

`results.json` is valid from the start and is written again after every item, so what is known
counts if this process is ended. Hidden tests run last (grading/test_phases.py); an item whose
hidden tests have not run has no score, and shows what its public tests have found. Everything is
printed to standard output, which only instructors see.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from autograder.assignment import Assignment, load_assignment
from autograder.errors import AutograderError
from autograder.gradescope.config import COURSE_FOLDER, DATA_FOLDER, Config, read_config
from autograder.gradescope.metadata import METADATA_FILE, Metadata, read_metadata
from autograder.gradescope.seed import Seed, seed_of
from autograder.gradescope.submission_context import with_circumstances
from autograder.grading.session import GradingRequest, GradingSession
from autograder.results import (
    ItemRecord,
    SubmissionRecord,
    grade_document,
    gradescope_document,
    leaderboard,
    validate_results,
    write_document,
)
from autograder.sandbox.launch import use_one_thread
from autograder.submission import Submission

NAME = "submission"
RESERVE_S = 45.0  # of Gradescope's time limit, kept for ending what is running

NOT_YET = "Not graded yet."
TIME_IS_UP = "Not graded: the time for one submission was up before this part was done."
OURS = "Not graded because of an error in the grader. It is not a mistake of yours."


class TimeIsUp(BaseException):
    """Gradescope ends this process now or soon; no other code of the tool catches this."""


@dataclass
class Results:
    """The results file, and what is known so far.

    Attributes:
        file: where Gradescope reads it.
        config: the settings of the bundle.
        assignment: the assignment.
        seed: the seed of the inputs.
        metadata: what Gradescope says about the submission.
        items: the records of the items that have ended, by id.
        started: when grading began, in seconds of the monotonic clock.
        warned: the warnings about the results file that were printed on stderr.
    """

    file: Path
    config: Config
    assignment: Assignment
    seed: Seed
    metadata: Metadata
    items: dict[str, ItemRecord] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)
    warned: set[str] = field(default_factory=set)

    def add(self, item: ItemRecord) -> None:
        """Add the record of an item, and write the file."""
        self.items[item.id] = item
        self.write_so_far(NOT_YET)

    def write_so_far(self, why: str) -> SubmissionRecord:
        """Write what is known, and why the other items are not graded."""
        record, waiting = self._so_far(why)
        self._write(record, waiting)
        return record

    def write(self, record: SubmissionRecord) -> None:
        """Write the complete record."""
        self._write(record, {})

    def _so_far(self, why: str) -> tuple[SubmissionRecord, dict[str, str]]:
        from autograder.grading.item_records import is_unfinished, items_so_far, known_of
        from autograder.grading.judge import submission_record

        items = items_so_far(self.assignment.items, self.items, why, "grader_error")
        waiting = {
            item.id: f"{why}\n{known_of(item.tests)}".rstrip()
            for item in items
            if is_unfinished(item) or (item.id not in self.items and item.status == "grader_error")
        }
        seconds = time.monotonic() - self.started
        isolation: Any = {"mode": "gradescope", "layers": {}}
        return submission_record(NAME, items, self.seed.number, seconds, isolation), waiting

    def _write(self, record: SubmissionRecord, waiting: dict[str, str]) -> None:
        document = gradescope_document(record, waiting)
        document = with_circumstances(document, self.metadata, self.seed)
        if self.config.leaderboard:
            document["leaderboard"] = leaderboard(record)
        findings = validate_results(document)
        errors = [finding for finding in findings if finding.level == "error"]
        if errors:
            raise AutograderError(f"the results would not be valid: {errors[0]}", str(self.file))
        for words in sorted({str(finding) for finding in findings} - self.warned):
            self.warned.add(words)
            print(f"autograder: {self.file.name}: {words}", file=sys.stderr)
        write_document(self.file, document)


def grade_here(base: Path) -> None:
    """Grade the submission in `base`; leave a valid results file whatever happens."""
    results: Results | None = None
    try:
        source = base / "source"
        _close(base)
        config = read_config(source)
        assignment = load_assignment(source / COURSE_FOLDER, config.assignment)
        metadata = read_metadata(base)
        seed = seed_of(source, metadata.submission)
        file = base / "results" / "results.json"
        results = Results(file, config, assignment, seed, metadata)
        results.write_so_far(NOT_YET)
        with _time_limit(config):
            record = _grade(base, source, results)
        results.write(record)
    except TimeIsUp:
        print("autograder: time limit exceeded; items graded by then count")
        assert results is not None  # the timer starts after it is made
        record = results.write_so_far(TIME_IS_UP)
    except Exception as error:
        print(f"autograder: nothing more could be graded: {error}")
        if not isinstance(error, AutograderError):
            traceback.print_exc(file=sys.stdout)
        if results is None:
            return  # the file that run_autograder has written stays
        record = results.write_so_far(OURS)
    _tell_instructors(assignment, record)


def _close(base: Path) -> None:
    """Let only root read hidden tests, data, results and Gradescope's metadata about people."""
    for name in ("source", "results", "submission"):
        os.chmod(base / name, 0o700)
    if (base / METADATA_FILE).exists():
        os.chmod(base / METADATA_FILE, 0o600)


def _grade(base: Path, source: Path, results: Results) -> SubmissionRecord:
    if (source / DATA_FOLDER).is_dir():
        os.environ["AUTOGRADER_DATA"] = str(source / DATA_FOLDER)
    request = GradingRequest(
        results.assignment,
        seed=results.seed.number,
        mode="gradescope",
        secrets=(str(source), str(base / "results"), str(base / METADATA_FILE)),
    )
    with GradingSession.open(request) as session:
        submission = Submission(NAME, base / "submission")
        return session.grade_one(submission, ended=results.add)


@contextmanager
def _time_limit(config: Config) -> Iterator[None]:
    """Raise `TimeIsUp` shortly before Gradescope's limit, and when this process is terminated."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeIsUp

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(1.0, config.time_limit_s - RESERVE_S))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _tell_instructors(assignment: Assignment, record: SubmissionRecord) -> None:
    """Print everything; Gradescope shows this to instructors only."""
    from rich.console import Console

    from autograder.results.table import show_records

    show_records([record], Console(file=sys.stdout, width=100, highlight=False))
    print(json.dumps(grade_document(assignment.id, [record]), indent=2, allow_nan=False))


if __name__ == "__main__":
    use_one_thread()
    grade_here(Path.cwd())
