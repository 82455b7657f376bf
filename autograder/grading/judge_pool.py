"""A judge as the process sees it that has forked it: it is given submissions, and tells of them.

Whatever ends it early (a defect of ours, a full disk, the kernel's memory killer) costs the
submission in its hands a `grader_error` and no other one anything: the next one gets a new judge.
"""

import json
import multiprocessing
import os
import secrets
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError
from autograder.grading.config import GradingConfig
from autograder.grading.errand import Errand, Outfit
from autograder.grading.judge_process import work
from autograder.results import ItemRecord, SubmissionRecord, from_dict, item_from_dict
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder
from autograder.submission import Submission

SUBMISSIONS_AT_MOST = 100
"""Submissions that one judge grades: what a rubric or a library gathers in memory, or leaves open,
goes with it. A new one costs as much as a few per cent of these gradings."""

_fork = multiprocessing.get_context("fork")


@dataclass
class Judge:
    """A judge process, at work or at rest.

    Attributes:
        outfit: what it grades by.
        process: it.
        pipe: to it and from it.
        left: how many submissions it may still be given.
        is_well: whether nothing went wrong with the last one that it has been given.
    """

    outfit: Outfit
    process: Any
    pipe: Connection
    left: int
    is_well: bool = True

    @property
    def is_fit(self) -> bool:
        """Whether it can be given another submission."""
        return self.left > 0 and self.is_well and self.process.is_alive() and self._has_zygotes

    def can_take(self, config: GradingConfig) -> bool:
        """Whether it can be given a submission with an order of its own."""
        return self.is_fit and self.outfit.serves(config)

    def take(self, config: GradingConfig, submission: Submission) -> "Case":
        """Give it a submission."""
        # Workers of several ids have to pass through to it, and nobody else: its name is the key.
        folder = temporary_folder("autograder-judge-") / secrets.token_hex(16)
        folder.mkdir(mode=0o700)
        self.left, self.is_well = self.left - 1, False  # until it says otherwise
        try:
            wishes = config.wanted, config.results, folder, config.seed, config.observed
            errand = Errand(submission, *wishes)
            self.pipe.send_bytes(errand.packed())
        except OSError:
            pass  # it is dead, which is found out by reading
        return Case(self, config, submission, folder)

    def kill(self) -> None:
        """End the process; it has nothing to put away."""
        self.process.kill()
        self.process.join()

    def end(self) -> bool:
        """End it; whether its zygotes can serve another judge."""
        self.kill()
        self.pipe.close()
        return self.is_well and self._has_zygotes

    @property
    def _has_zygotes(self) -> bool:
        return all(one.process.poll() is None for one in self.outfit.zygotes.values())


@dataclass
class Case:
    """A submission in the hands of a judge.

    Attributes:
        judge: grades it.
        config: what of it is graded.
        submission: what was handed in.
        folder: where it is graded.
        started: when, on the clock of `time.monotonic`.
        record: what the judge has found, once it has said so.
        has_ended: whether nothing more will come of it.
        items: what has come of the items that have ended so far, by id.
    """

    judge: Judge
    config: GradingConfig
    submission: Submission
    folder: Path
    started: float = field(default_factory=time.monotonic)
    record: SubmissionRecord | None = None
    has_ended: bool = False
    items: dict[str, ItemRecord] = field(default_factory=dict)

    def read_news(self) -> list[str | ItemRecord]:
        """Read what has come: the ids of items that have begun, and items that have ended."""
        told: list[str | ItemRecord] = []
        try:
            while not self.has_ended and self.judge.pipe.poll():
                for news in json.loads(self.judge.pipe.recv_bytes()):
                    if "begins" in news:
                        told.append(news["begins"])
                    elif "ended" in news:
                        item = item_from_dict(news["ended"])
                        self.items[item.id] = item
                        told.append(item)
                    else:
                        self.record = from_dict(news["record"])
                        self.judge.is_well, self.has_ended = news["is well"], True
        except (EOFError, OSError, ValueError, AutograderError):
            self.has_ended = True  # the judge died before its record was whole
        return told

    def end(self) -> bool:
        """Have no more come of it; whether its judge can be given another submission."""
        if self.record is None:
            self.judge.kill()
        # What the rubric stumbled over once may have left pytest in the middle of something.
        stumbled = self.record is None or any(
            item.status == "grader_error" for item in self.record.items
        )
        return not stumbled and self.judge.is_fit

    def clear(self) -> None:
        """Remove its files, once neither its judge nor a worker is at work on it any more."""
        remove_temporary_folder(self.folder.parent)


def start_judge(outfit: Outfit) -> Judge:
    """Fork a judge."""
    ours, theirs = _fork.Pipe()
    process = _fork.Process(target=work, args=(os.getpid(), outfit, ours, theirs))
    process.start()
    theirs.close()
    return Judge(outfit, process, ours, SUBMISSIONS_AT_MOST)
