"""Grade one submission where it is the only one: on Gradescope, in a container."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.grading.batch import grade_all
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy, ensure, examine, secrets_of
from autograder.grading.requirements import ensure_installed
from autograder.results import ItemRecord, SubmissionRecord
from autograder.sandbox.launch import launch
from autograder.submission import Submission


@dataclass(frozen=True)
class Request:
    """What to grade, and how.

    Attributes:
        assignment: the assignment.
        submission: what was handed in.
        wanted: ids of the items.
        seed: the number that every random draw comes from.
        policy: what is asked of the workers.
        results: where written answers are kept; None to keep none.
        full: whether notebooks run as they are.
        secrets: further files and folders that no worker may read.
        data_seed: the number that small data sets are drawn from; None for `seed`.
    """

    assignment: Assignment
    submission: Submission
    wanted: tuple[str, ...]
    seed: int
    policy: SandboxPolicy
    results: Path | None = None
    full: bool = False
    secrets: Sequence[str] = ()
    data_seed: int | None = None


def grade_one(
    request: Request,
    begin: Callable[[str], None] = lambda item_id: None,
    ended: Callable[[ItemRecord], None] = lambda item: None,
) -> SubmissionRecord:
    """Examine the sandbox, then grade.

    Args:
        request: what to grade.
        begin: is told each item whose tests begin.
        ended: is told what has come of each item.

    Raises:
        AutograderError: nothing can be graded here; IsolationRefused where a layer is missing.
    """
    launched = launch()
    try:
        report = examine(launched, [*secrets_of(request.assignment), *request.secrets])
        ensure(request.policy, report)
        config = GradingConfig(
            request.assignment,
            request.wanted,
            request.seed,
            request.policy,
            request.policy.isolation(report),
            request.results,
            request.full,
            request.data_seed,
        )
        ensure_installed(config)
    except BaseException:
        launched.close()
        raise
    [record] = grade_all(
        config,
        [request.submission],
        1,
        launched,
        lambda name, item_id: begin(item_id),
        lambda name, item: ended(item),
    )
    return record
