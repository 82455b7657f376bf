"""Run one collected test: pytest's own three steps, without the reports that nobody here reads.

pytest's protocol calls some fifteen more hooks for each test, to describe its end for a terminal or
a file. Here the exception that ended it is all that is wanted.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from _pytest.tmpdir import tmppath_result_key

# What ends the whole run and not the test, as in pytest.
_ENDS_ALL = (KeyboardInterrupt, pytest.exit.Exception)


@dataclass(frozen=True)
class Outcome:
    """How a test ended.

    Attributes:
        error: what its setup, the test itself or else its teardown raised; None where nothing did.
        seconds: how long the step took that decided.
    """

    error: BaseException | None
    seconds: float


def run_test(test: pytest.Item, following: pytest.Item | None) -> Outcome:
    """Set a test and its fixtures up, run it, and tear down what the following one does not need.

    Marks such as `skip` raise, like in pytest, an exception of pytest's in the setup.

    Raises:
        KeyboardInterrupt: somebody wants the run to end.
        pytest.exit.Exception: the test wants the run to end.
    """
    hook = test.config.hook
    if isinstance(test, pytest.Function) and not test._request:
        test._initrequest()  # it has been run before
    test.stash[tmppath_result_key] = {}  # `tmp_path` reads here what a report would have noted
    try:
        outcome = _step(lambda: hook.pytest_runtest_setup(item=test))
        if outcome.error is None:
            outcome = _step(lambda: hook.pytest_runtest_call(item=test))
        teardown = _step(lambda: hook.pytest_runtest_teardown(item=test, nextitem=following))
    finally:
        if isinstance(test, pytest.Function):  # let go of what its fixtures have made
            test._request = False  # type: ignore[assignment]
            test.funcargs = None  # type: ignore[assignment]
    return outcome if outcome.error is not None else Outcome(teardown.error, outcome.seconds)


def _step(step: Callable[[], object]) -> Outcome:
    started = time.perf_counter()
    error: BaseException | None = None
    try:
        step()
    except _ENDS_ALL:
        raise
    except BaseException as raised:  # a test may raise SystemExit, and pytest's own are such, too
        error = raised
    return Outcome(error, time.perf_counter() - started)
