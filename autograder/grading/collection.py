"""Have pytest collect a rubric's tests, and run some of them whenever that is asked for.

`pytest.main` collects, runs and tidies up in one go. Here the same steps are taken one by one, so
that what is collected once can be run in every process that is forked afterwards.
"""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest
from _pytest.config import _prepareconfig

from autograder.rubric.quiet_pytest import plain_arguments, quietly


@dataclass(frozen=True)
class Facts:
    """What the rubric says of one test.

    Attributes:
        node_id: pytest's name for it; every parameter of a test is a test of its own.
        item: id of the item that it belongs to.
        weight: its share of the item's points.
        title: the first line of its docstring.
        hidden: whether it is kept from students.
    """

    node_id: str
    item: str
    weight: float
    title: str
    hidden: bool

    @property
    def turn(self) -> tuple[str, bool]:
        """When it runs: with its item's public or hidden tests."""
        return self.item, self.hidden

    @property
    def function(self) -> str:
        """The name of its function."""
        return self.node_id.rpartition("::")[2]


_FACTS = pytest.StashKey[Facts]()


def facts_of(test: pytest.Item) -> Facts:
    """What was found out about a test when it was collected."""
    return test.stash[_FACTS]


class Collection:
    """The tests of a rubric, as pytest has collected them.

    Args:
        folder: the rubric's.
        plugin: a pytest plugin, which brings the fixtures.

    Attributes:
        tests: those that belong to an item.
        failure: why there are none, in words.
    """

    def __init__(self, folder: Path, plugin: object) -> None:
        self.tests: list[pytest.Item] = []
        self.failure = ""
        self._config: pytest.Config | None = None
        self._session: pytest.Session | None = None
        # pytest takes brackets in an argument for parameters of a test, so the folder is none.
        arguments = [".", f"--rootdir={folder}", *plain_arguments("terminal", "unittest")]
        arguments += ["--strict-markers", "--continue-on-collection-errors"]
        try:
            with quietly(), _signals_later(), _modules_forgotten(folder):
                with contextlib.chdir(folder):
                    self._config = _prepareconfig(arguments, [plugin])
                self._config._do_configure()
                self._session = pytest.Session.from_config(self._config)
                self._config.hook.pytest_sessionstart(session=self._session)
                self.tests = list(filter(_belongs, self._session.perform_collect()))
        except (Exception, SystemExit) as error:
            self.failure = _could_not(error)

    def run(
        self,
        tests: Sequence[pytest.Item],
        run_one: Callable[[pytest.Item, pytest.Item | None], None],
    ) -> str:
        """Run tests in the given order; returns "" or the reason why pytest itself gave up.

        Args:
            tests: some of those collected.
            run_one: runs a test, with the one that follows it (protocol.py).
        """
        if self._config is None or self._session is None:
            return self.failure
        finish = self._config.hook.pytest_sessionfinish
        try:
            with quietly():
                for test, following in zip_longest(tests, tests[1:]):
                    run_one(test, following)
                finish(session=self._session, exitstatus=pytest.ExitCode.OK)
        except Exception as error:
            return _could_not(error)
        return self.failure

    def close(self) -> None:
        """Have pytest undo what it has set up."""
        if self._config is not None:
            self._config._ensure_unconfigure()
        self._config = self._session = None


def _belongs(test: pytest.Item) -> bool:
    """Whether a test belongs to an item; what is known of it is kept with it."""
    marker = test.get_closest_marker("item")
    if marker is None or not marker.args:
        return False
    test.stash[_FACTS] = Facts(
        node_id=test.nodeid.partition("[")[0],
        item=str(marker.args[0]),
        weight=float(marker.kwargs.get("weight", 1.0)),
        title=(test.function.__doc__ or test.name).strip().splitlines()[0],  # type: ignore[attr-defined]
        hidden=test.path.stem.endswith("_hidden"),
    )
    return True


def _could_not(error: BaseException) -> str:
    return f"pytest could not run the rubric: {type(error).__name__}: {error}"


@contextlib.contextmanager
def _signals_later() -> Iterator[None]:
    """Have signals that ask to end come when pytest is done.

    What their handlers raise it would take for a mistake in the file that it is just reading.
    """
    came: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, frame: came.append(number))
        for number in (signal.SIGTERM, signal.SIGALRM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for one in came:
            signal.raise_signal(one)


@contextlib.contextmanager
def _modules_forgotten(folder: Path) -> Iterator[None]:
    """Forget the modules imported from a folder: another rubric has files of the same names."""
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in sys.modules.keys() - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file is not None and Path(file).is_relative_to(folder):
                del sys.modules[name]
