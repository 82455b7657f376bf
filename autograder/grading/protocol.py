"""Run one collected test: pytest's own three steps, without the reports that nobody here reads.

pytest's protocol calls some twenty hooks for each test, most of them to describe its end for a
terminal or a file. Here the exception that ended it is all that is wanted.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from _pytest import skipping
from _pytest.tmpdir import tmppath_result_key

# What ends the whole run and not the test, as in pytest.
_ENDS_ALL = (KeyboardInterrupt, pytest.exit.Exception)

_KEEP_FROM_RUNNING = frozenset(["skip", "skipif", "xfail"])


@dataclass(frozen=True)
class TestOutcome:
    """How a test ended.

    Attributes:
        error: what its setup, the test itself or else its teardown raised; None where nothing did.
        seconds: how long the step took that decided.
    """

    error: BaseException | None
    seconds: float


def run_test(test: pytest.Item, following: pytest.Item | None) -> TestOutcome:
    """Set a test and its fixtures up, run it, and tear down what the following one does not need.

    Raises:
        KeyboardInterrupt: somebody wants the run to end.
        pytest.exit.Exception: the test wants the run to end.
    """
    nodes = test.session._setupstate  # the file, the class, the test: what has been set up
    if isinstance(test, pytest.Function) and not test._request:
        test._initrequest()  # it has been run before
    test.stash[tmppath_result_key] = {}  # `tmp_path` reads here what a report would have noted
    try:
        outcome = _step(lambda: _set_up(test))
        if outcome.error is None:
            outcome = _step(test.runtest)
        teardown = _step(lambda: nodes.teardown_exact(following))
    finally:
        if isinstance(test, pytest.Function):  # let go of what its fixtures have made
            test._request = False  # type: ignore[assignment]
            test.funcargs = None  # type: ignore[assignment]
    return outcome if outcome.error is not None else TestOutcome(teardown.error, outcome.seconds)


def _set_up(test: pytest.Item) -> None:
    """Set a test up, unless a mark such as `skip` keeps it from running: that raises."""
    if any(mark.name in _KEEP_FROM_RUNNING for mark in test.iter_markers()):
        skipping.pytest_runtest_setup(test)
    test.session._setupstate.setup(test)


def _step(step: Callable[[], object]) -> TestOutcome:
    started = time.perf_counter()
    error: BaseException | None = None
    try:
        step()
    except _ENDS_ALL:
        raise
    except BaseException as raised:  # a test may raise SystemExit, and pytest's own are such, too
        error = raised
    return TestOutcome(error, time.perf_counter() - started)
