"""Run the public tests on a session in Jupyter: the same functions as under pytest, by pytest."""

import contextlib
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.live.watching import LiveRun, namer, present_watch
from autograder.remote.object_server import ObjectServer
from autograder.rubric.local import DESCRIPTION, local_server
from autograder.rubric.plugin import OBJECT_SERVER, Words
from autograder.rubric.quiet_pytest import plain_arguments, quietly

_SHOWN = 3  # of the failing cases of one test


class NotebookCheckFailed(AssertionError):
    """The error of a check that fails; the text says why."""


class NotAttempted(NotImplementedError):
    """The error of a check of something that has not been written yet."""


def run_check(file: str, test_name: str, env: dict[str, Any]) -> None:
    """Run a public test on the variables and figures that exist now.

    Args:
        file: the test's file in tests/.
        test_name: the name of a function in it.
        env: the notebook's variables.

    Raises:
        NotebookCheckFailed: the test fails.
        NotAttempted: what it checks has not been written yet.
    """
    folder = _release_folder()
    server = local_server(folder, seed=0)
    if server is None:
        raise NotebookCheckFailed(
            f"{folder / DESCRIPTION} is missing; unpack the release once more"
        )
    _show_words_only()
    _attach(server, env)
    collector = _Collector(server)
    try:
        with quietly() as said:
            _run_pytest(folder, f"{file}::{test_name}", collector)
    finally:
        sys.meta_path.remove(server.finder)
    if not collector.ran:
        raise NotebookCheckFailed(f"the check {test_name} did not run:\n{said.getvalue()[-2000:]}")
    _raise_first(collector.errors)


def _attach(server: ObjectServer, env: dict[str, Any]) -> None:
    """Make the session serve as the notebook that the checks read."""
    watch = present_watch()
    grader = getattr(env.get("grader"), "_notebook", None)
    names = server.notebooks.names
    own = Path(grader).stem if isinstance(grader, str) else ""
    for name in [own] if own in names else names:
        server.notebooks.keep(name, LiveRun(f"{name}.ipynb", env, watch))
    if watch is not None:
        server.name_files(namer(watch.shell))


class _Collector:
    """A pytest plugin that provides the object server and collects the outcome."""

    def __init__(self, server: ObjectServer) -> None:
        self.server, self.ran = server, 0
        self.errors: list[Exception] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[OBJECT_SERVER] = self.server

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call" or report.failed
        if not report.failed:
            return
        case = re.search(r"\[(.+)\]$", report.nodeid)
        prefix = f"[{case[1]}] " if case else ""
        words = report.longrepr
        if isinstance(words, Words):
            kind = NotAttempted if words.not_attempted else NotebookCheckFailed
            self.errors.append(kind(f"{prefix}{words.message}"))
        else:
            crash = getattr(words, "reprcrash", None)
            self.errors.append(NotebookCheckFailed(f"{prefix}{getattr(crash, 'message', words)}"))


def _run_pytest(folder: Path, test: str, plugin: _Collector) -> None:
    # pytest takes brackets in an argument for parameters of a test, so the folder is not in it.
    arguments = [f"tests/{test}", f"--rootdir={folder}", *plain_arguments()]
    arguments += ["-p", "autograder.rubric.plugin"]
    with contextlib.chdir(folder):
        pytest.main(arguments, plugins=[plugin])


def _raise_first(errors: list[Exception]) -> None:
    if not errors:
        return
    texts = [str(error) for error in errors[:_SHOWN]]
    if len(errors) > _SHOWN:
        texts.append(f"and {len(errors) - _SHOWN} more cases fail")
    kind = type(errors[0])
    # otter writes the text into HTML without escaping it.
    raise kind(re.sub(r"<(?=[A-Za-z/!?])", "‹", "\n".join(texts)))


def _show_words_only() -> None:
    """Make otter show the text of a check without the line of the generated test around it."""
    tests = sys.modules.get("otter.test_files.exception_test")
    kind = getattr(tests, "ExceptionTestFile", None)
    original = getattr(kind, "_generate_error_message", None)
    if kind is None or original is None or getattr(original, "is_ours", False):
        return

    def message(self: object, error: Exception, *arguments: Any, **keywords: Any) -> Any:
        if isinstance(error, NotebookCheckFailed | NotAttempted):
            return str(error)
        return original(self, error, *arguments, **keywords)

    message.is_ours = True  # type: ignore[attr-defined]
    kind._generate_error_message = message


def _release_folder() -> Path:
    """Return the folder with tests/: the current one, or the one that contains the tool's file."""
    here = Path.cwd()
    places = (here, *Path(__file__).resolve().parents)
    return next((place for place in places if (place / DESCRIPTION).is_file()), here)
