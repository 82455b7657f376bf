"""Judge: derive a test's status and its messages for the instructor and students from its end.

    nothing raised                           passed
    the stub's NotImplementedError           not_attempted
    a failed check, or a student's exception failed
    a student's value that does not fit      failed
    the process timed out, or has ended      timeout, crashed
    anything else                            grader_error: never shown as the student's fault

Students read only the hint of a hidden test: values, exception texts and even class names are
chosen by code that has seen the hidden inputs.
"""

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.grading.authors_fault import can_come_from_student
from autograder.grading.check_timeout import TooMuchToCheck
from autograder.grading.submission_worker import WorkerLost
from autograder.remote.messages import MalformedValue
from autograder.results import TestRecord
from autograder.results.record import TestStatus
from autograder.rubric.check import CheckFailed
from autograder.rubric.failures import BECAUSE
from autograder.rubric.student import OpaqueValue, StudentError

_PACKAGE = Path(__file__).parent.parent

# Raised by the use of a wrong value: `dW, db = None`, `None.shape`, `dW[3]`, `dW @ x`, `np.eye(n)`.
_MISFITS = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, MemoryError)

GRADER_ERROR_WORDS = "the grader failed here, not your code; your instructor has been informed"


@dataclass(frozen=True)
class TestOutcome:
    """The outcome of one test.

    Attributes:
        status: one of the test statuses.
        message: everything that is known, for the instructor and for public tests.
        hidden_message: what a student may read if the test is hidden.
    """

    status: TestStatus
    message: str = ""
    hidden_message: str = ""


def judge_outcome(
    error: BaseException | None, rubric: Path, notes: Sequence[str] = ()
) -> TestOutcome:
    """Return what the exception that ended a test means.

    Args:
        error: the exception; None if the test ran to its end.
        rubric: the folder of the rubric's tests.
        notes: the student's earlier faults, if any, that a test which has passed was judged by.
    """
    if error is None:
        return TestOutcome("passed", words := "\n".join(notes), words)
    if isinstance(error, StudentError):
        if error.not_attempted:
            return TestOutcome("not_attempted", str(error), "not attempted yet")
        return TestOutcome("failed", str(error), "your code raised an exception in a hidden check")
    if isinstance(error, CheckFailed):
        hidden = f"a hidden check failed; hint: {error.hint}" if error.hint else _FAILED_UNSEEN
        return TestOutcome("failed", str(error), hidden)
    if isinstance(error, AssertionError):
        return TestOutcome("failed", str(error) or "its condition does not hold", _FAILED_UNSEEN)
    if isinstance(error, WorkerLost):
        status: TestStatus = "timeout" if error.status == "timeout" else "crashed"
        # Not the words themselves: the student's code can choose the signal, exit code or limit.
        return TestOutcome(status, error.words, _LOST_UNSEEN[status])
    if isinstance(error, MalformedValue):
        words = "your code's process sent an invalid answer"
        return TestOutcome("crashed", words, words)
    if isinstance(error, OpaqueValue | TooMuchToCheck) or _is_misfit(error, rubric):
        words = f"what your code returned could not be used: {error}"
        return TestOutcome("failed", words, _FAILED_UNSEEN)
    return TestOutcome("grader_error", _grader_error(error, rubric), GRADER_ERROR_WORDS)


_LOST_UNSEEN = {
    "timeout": "a hidden check exceeded this item's time limit",
    "crashed": (
        "a hidden check ended your code's process: it crashed, or used more memory, disk or "
        "processes than allowed"
    ),
}
_FAILED_UNSEEN = (
    "a hidden check failed; it checks what the handout asks for, with inputs that are not shown"
)


_NOTE = "note: "


def with_notes(outcome: TestOutcome, notes: Iterable[str]) -> TestOutcome:
    """Add what a public test has noted (rubric/notes.py), unless the grader made a mistake."""
    if outcome.status == "grader_error":
        return outcome
    message = join_messages([outcome.message, *(_NOTE + one for one in notes)])
    return replace(outcome, message=message)


def _is_misfit(error: BaseException, rubric: Path) -> bool:
    """Return whether a student's value may have raised this in the rubric's own lines."""
    if not isinstance(error, _MISFITS):
        return False
    files = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    in_rubric = [index for index, file in enumerate(files) if file.is_relative_to(rubric)]
    if not in_rubric:
        return False
    if any(file.is_relative_to(_PACKAGE) for file in files[in_rubric[-1] + 1 :]):
        return False  # raised by the tool
    return isinstance(error, MemoryError) or can_come_from_student(error, rubric)


def _grader_error(error: BaseException, rubric: Path) -> str:
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(rubric):
            place = f" at {Path(frame.filename).relative_to(rubric)}:{frame.lineno}"
    return f"{type(error).__name__}{place}: {error}"


def with_conditions(
    tests: tuple[TestRecord, ...], conditions: Mapping[str, tuple[str, ...]]
) -> tuple[TestRecord, ...]:
    """Let a test that has passed fail if one that it counts with has not passed.

    What it checks may hold without any work: for example, an input that was not used is unchanged.

    Args:
        tests: the records of one item's tests.
        conditions: for each test function, the names of the tests that it counts with.
    """
    bad = {_function(test): test.status for test in tests if test.status != "passed"}
    titles = {_function(test): _sentence(test) for test in tests}
    judged = []
    for test in tests:
        missing = [name for name in conditions.get(_function(test), ()) if _last(name) in bad]
        if test.status == "passed" and missing:
            until = " and ".join(f'"{titles[_last(name)]}"' for name in missing)
            what = "a hidden check" if test.hidden else f'"{_sentence(test)}" holds, but'
            words = f"{what} earns no points until this check passes: {until}"
            attempted = any(bad[_last(name)] != "not_attempted" for name in missing)
            status: TestStatus = "failed" if attempted else "not_attempted"
            test = replace(test, status=status, message=words, student_message=words)
        judged.append(test)
    return tuple(judged)


def _sentence(test: TestRecord) -> str:
    return test.title.rstrip(".")


def _function(test: TestRecord) -> str:
    return _last(test.name).partition("[")[0]


def _last(name: str) -> str:
    return name.rpartition("::")[2]


def join_messages(messages: Iterable[str]) -> str:
    """Return messages on separate lines: each cause once, before its consequences; notes last."""
    distinct = dict.fromkeys(message for message in messages if message)
    following: dict[str, list[str]] = {}
    for message in sorted(distinct, key=lambda message: message.startswith(_NOTE)):
        cause, because, rest = message.partition(BECAUSE)
        following.setdefault(cause, []).extend([f"{because}{rest}"] if because else [])
    return "\n".join("".join([cause, *rest]) for cause, rest in following.items())
