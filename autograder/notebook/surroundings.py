"""Change global state of this process for a run, and restore it afterwards."""

import contextlib
import os
import signal
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from autograder.notebook.libraries import prepare_libraries
from autograder.notebook.output import Nowhere, Output
from autograder.notebook.stand_ins import put_stand_ins, take_away
from autograder.notebook.telling import begin_saying, say_once

_ELSEWHERE = ("/content", "/kaggle", "/gdrive")


class CellTimeout(BaseException):
    """A cell exceeded its time limit; not an Exception, so `except Exception` misses it."""


@contextlib.contextmanager
def surroundings(module: types.ModuleType, output: Output, folder: Path) -> Iterator[None]:
    """Make a notebook's module `__main__`, and send its output to `output`, files to `folder`."""
    finder, stood_in = prepare_libraries(), put_stand_ins()
    begin_saying()
    saved: tuple[Any, ...] = (sys.stdout, sys.stderr, sys.argv, sys.modules.get("__main__"))
    before, change_folder = os.getcwd(), os.chdir
    os.chdir(folder)
    os.chdir = _change_folder(change_folder)  # type: ignore[assignment]
    sys.stdout, sys.stderr, sys.argv = output, Nowhere(), [module.__name__]
    sys.modules["__main__"] = module
    sys.path.append(str(folder))  # for modules that the notebook writes itself
    try:
        with warnings.catch_warnings():
            # A warning is not an error here, however strict the tests that use the notebook are,
            # and does not count as theirs.
            warnings.resetwarnings()
            warnings.simplefilter("default")
            warnings.showwarning = lambda *arguments, **keywords: None
            yield
    finally:
        sys.stdout, sys.stderr, sys.argv, sys.modules["__main__"] = saved
        os.chdir = change_folder
        take_away(stood_in)
        with contextlib.suppress(OSError):
            os.chdir(before)
        if str(folder) in sys.path:
            sys.path.remove(str(folder))
        if finder in sys.meta_path:
            sys.meta_path.remove(finder)


def _change_folder(original: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return an `os.chdir` that ignores the missing folders of Colab and Kaggle."""

    def change(path: Any) -> None:
        try:
            original(path)
        except OSError:
            if not str(path).startswith(_ELSEWHERE):
                raise
            say_once(
                f"the folder {path} does not exist when notebooks are graded; it is not entered"
            )

    return change


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise CellTimeout in code that exceeds a time limit, if the system has timers.

    It is raised again every second, for code that catches everything. In a worker the judge's own
    deadline applies in addition.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not hasattr(signal, "setitimer") or not is_main:  # Windows, or a thread of a test runner
        yield
        return

    def stop(number: int, frame: object) -> NoReturn:
        raise CellTimeout(f"{seconds:g} s are up")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before if before is not None else signal.SIG_DFL)
