"""Worker: run the test file that a student wrote, on given code in place of their own modules.

The given modules come as compiled code (`planted/disguise.py`): no file has their source. What this
returns has been made next to student code, like every reply: the judge takes from it only which
tests of the student's have failed.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import marshal
import os
import sys
from collections.abc import Generator, Mapping
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from autograder.remote.messages import Message

MOST_NAMES, LONGEST_NAME = 100, 100
_WITHOUT = (
    "cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "legacypath", "pastebin",
    "setuponly", "setupplan", "stepwise", "threadexception", "unraisableexception",
)  # fmt: skip
_OPTIONS = ("-c", os.devnull, "--noconftest", "--import-mode=importlib", "--assert=plain",
            "--tb=native", "--capture=sys")  # fmt: skip


def warm_up() -> None:
    """Import what a run of pytest needs."""
    from _pytest.config import get_config

    get_config([*_arguments()])._ensure_unconfigure()


def run_tests(folder: Path, request: Message) -> Message:
    """Run a test file, and return how many of its tests passed and which failed.

    Args:
        folder: the folder of the submission.
        request: its tree is `{"tests": {"module", "path", "stub", "given"}}`: the file's module
            and path, the beginning of the message of a stub, and the names of the given modules,
            whose marshalled code is in the buffers.
    """
    about = request.tree["tests"]
    given = dict(zip(about["given"], request.buffers, strict=True))
    # Before student code runs: where names are banned, it must not unmarshal code.
    finder = _GivenModules({name: marshal.loads(code) for name, code in given.items()})
    sys.meta_path.insert(0, finder)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    counts = _Counts(about["module"], about["stub"])
    within = (f"--rootdir={folder}", f"--confcutdir={folder}")
    arguments = [*within, *_arguments(), str(folder / about["path"])]
    try:
        pytest.main(arguments, plugins=[counts])
    except BaseException:  # SystemExit at the top of a test file, for example
        counts.errors += 1
    return Message({"value": counts.as_plain()})


def _arguments() -> list[str]:
    return [*_OPTIONS, *(word for name in _WITHOUT for word in ("-p", f"no:{name}"))]


class _GivenModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and loads the given modules, before the student's modules of these names.

    Args:
        codes: the code of each module, by its full name.
    """

    def __init__(self, codes: Mapping[str, CodeType]) -> None:
        self._codes = codes

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in self._codes:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        exec(self._codes[module.__name__], module.__dict__)


class _TestFile(pytest.Module):
    """The test file, imported as a module of the submission, under the rules for its imports."""

    module_name = ""

    def _getobj(self) -> ModuleType:
        return importlib.import_module(self.module_name)


class _Counts:
    """The pytest plugin that collects the file and counts outcomes.

    Args:
        module: the full name of the test file's module.
        stub: the beginning of the message of an unwritten function.

    Attributes:
        errors: how often something failed outside of a test.
    """

    def __init__(self, module: str, stub: str) -> None:
        self._module, self._stub, self.errors = module, stub, 0
        self._passed, self._left_out, self._unwritten = 0, 0, 0
        self._failed: dict[str, None] = {}

    def as_plain(self) -> dict[str, Any]:
        """Return the outcomes as plain values."""
        return {
            "passed": self._passed,
            "left_out": self._left_out,
            "unwritten": self._unwritten,
            "errors": self.errors,
            "failed": [name[:LONGEST_NAME] for name in list(self._failed)[:MOST_NAMES]],
        }

    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Dir:
        """Do not import the packages above the file a second time."""
        directory: pytest.Dir = pytest.Dir.from_parent(parent, path=path)
        return directory

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> _TestFile:
        """Import the file as a module of the submission."""
        file: _TestFile = _TestFile.from_parent(parent, path=module_path)
        file.module_name = self._module
        return file

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count a file that cannot be imported."""
        self.errors += report.failed

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Count a test."""
        report = yield
        name = getattr(item, "originalname", None) or item.name
        error = None if call.excinfo is None else call.excinfo.value
        if isinstance(error, NotImplementedError) and str(error).startswith(self._stub):
            self._unwritten += 1
        elif report.failed:
            self._failed[str(name)] = None
        elif report.skipped:
            self._left_out += 1
        elif report.when == "call":
            self._passed += 1
        return report
