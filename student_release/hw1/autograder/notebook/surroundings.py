"""What a run changes in this process for the time it takes, and puts back at its end."""

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
    """A cell's time is up; no Exception, so that `except Exception` does not swallow it."""


@contextlib.contextmanager
def surroundings(module: types.ModuleType, output: Output, folder: Path) -> Iterator[None]:
    """Let a notebook's module be `__main__`, its prints go to `output`, its files to `folder`."""
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
            # A warning is no error here, however strict the tests that use the notebook are, and
            # none of theirs.
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
    """`os.chdir` for which folders of Colab and Kaggle are no error."""

    def change(path: Any) -> None:
        try:
            original(path)
        except OSError:
            if not str(path).startswith(_ELSEWHERE):
                raise
            say_once(f"the folder {path} is not there when notebooks are graded; it is not entered")

    return change


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise CellTimeout in code that takes longer, where the system has timers.

    It is raised again each second, for code that catches everything. In a worker the judge's own
    deadline stands behind it.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not hasattr(signal, "setitimer") or not is_main:  # Windows; a thread of a test runner
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
