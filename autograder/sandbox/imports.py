"""Refuse imports in a worker, however they are written, by an audit hook that cannot be removed.

Python raises an audit event for each module that it is about to load, and for each file that it
opens. Modules already loaded raise none, so a worker must come from a zygote that has loaded only
allowed ones (`grading/submission_dir.py`). Landlock also blocks the files (`library.py`).
"""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from autograder.remote.code_rules import RuleChecker
from autograder.sandbox.callers import Callers, importing_frame
from autograder.sandbox.needed import needed_by
from autograder.sandbox.worker_spec import WorkerSpec

_SUPPORT = "rubric_support_"
_CONFIGURATION = "_sysconfigdata_"  # in the standard library, but not in the list of its modules
_INTERPRETER = "cpython.PyInterpreterState_New"  # a new interpreter would not have these hooks
_NO_INTERPRETER = "another interpreter in the same process is refused to this assignment's code"
_LISTED = frozenset(sys.stdlib_module_names) | {"autograder", "__main__"}


def in_process(job: WorkerSpec) -> tuple[str, ...] | None:
    """Return the names of the libraries that a worker may use; None without such a list."""
    if job.allowed is None:
        return None
    return tuple(sorted({*job.allowed, *job.runtime}))


RUNTIME = ("msgpack", "numpy")
"""The modules that this tool itself imports in every worker."""
NOTEBOOK_RUNTIME = ("IPython", "matplotlib", "traitlets")
"""The further modules that it imports in a worker that runs a notebook."""
TESTS_RUNTIME = ("pytest",)
"""The further modules in a worker that runs a student's tests; these may import them."""


class _OnlyNeeded:
    """A module finder for which other packages do not exist."""

    def __init__(self, finder: Any, names: Collection[str]) -> None:
        self._finder, self._names = finder, names

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> Any:
        """Find a module as finders do."""
        spec = self._finder.find_spec(fullname, path, target)
        if fullname.partition(".")[0] in self._names or spec is None:
            return spec
        return None if "-packages" in (spec.origin or "") else spec

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)


@contextmanager
def only_needed(options: Collection[str]) -> Iterator[None]:
    """Let a zygote with these options import required packages, but not optional ones.

    Args:
        options: as for `launch`.
    """
    names = [*RUNTIME, *(NOTEBOOK_RUNTIME if "notebook" in options else ())]
    names += TESTS_RUNTIME if "tests" in options else ()
    needed = needed_by((*names, *(["torch"] if "torch" in options else []))).names
    before = list(sys.meta_path)
    sys.meta_path[:] = [_OnlyNeeded(finder, _LISTED | needed) for finder in before]
    try:
        yield
    finally:
        sys.meta_path[:] = before


def forbid_imports(job: WorkerSpec) -> None:
    """Refuse from now on what a job bans or does not allow."""
    if job.banned:
        _forbid_banned(frozenset(job.banned))
    if job.allowed is not None:
        _forbid_all_but(job)


def _forbid_banned(banned: frozenset[str]) -> None:
    folders = tuple(f"/{name}/" for name in banned)
    # Student code may replace the built-ins.
    is_a, text, refusal, some = isinstance, str, ImportError, any
    interpreter, no_interpreter = _INTERPRETER, _NO_INTERPRETER

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "import" and is_a(arguments[0], text):
            name = arguments[0]
            if name.split(".")[0] in banned:
                raise refusal(f"{name} may not be used in this assignment's code")
        elif event == "open" and is_a(arguments[0], text):
            # A loader that is called directly opens the package's files without an import event.
            if "site-packages" in arguments[0] and some(name in arguments[0] for name in folders):
                raise refusal("the files of a package that may not be used cannot be read")
        elif event == interpreter:
            raise refusal(no_interpreter)

    sys.addaudithook(hook)


def _forbid_all_but(job: WorkerSpec) -> None:
    """Refuse all libraries except two lists: those that code may import, and their dependencies.

    The second list is what the first, the tool and the support modules need; student code may not
    import it directly.
    """
    allowed = tuple(job.allowed or ())
    needed = needed_by(in_process(job) or ())
    own = {*job.packages, *job.notebooks}
    for_students, inside = _LISTED | own | set(allowed), needed.names
    entries = {entry for inside_folder in needed.entries.values() for entry in inside_folder}
    callers = Callers(job.folder, job.support)
    only = RuleChecker(allowed).may_import("which")
    rule = f"may not be used in this assignment's code, {only}"
    # Student code may replace the built-ins.
    get_frame, refusal, denied = sys._getframe, ModuleNotFoundError, PermissionError
    is_a, text = isinstance, str
    interpreter, no_interpreter = _INTERPRETER, _NO_INTERPRETER
    ours, asker, is_students = (_SUPPORT, _CONFIGURATION), importing_frame, callers.is_students

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "import" and is_a(arguments[0], text):
            name = arguments[0]
            top = name.partition(".")[0]
            if top in for_students or top.startswith(ours):
                return
            if top in inside:
                asking = asker(get_frame(1))
                if asking is None or not is_students(asking.f_code.co_filename):
                    return
            # An import error, so that libraries treat it as an optional dependency.
            raise refusal(f"{name} {rule}", name=name)
        if event == "open" and is_a(arguments[0], text) and "-packages/" in arguments[0]:
            entry = arguments[0].rpartition("-packages/")[2].lstrip("/").partition("/")[0]
            if entry not in entries and entry != "__pycache__":
                words = "the files of a package that may not be used cannot be read"
                raise denied(13, words, arguments[0])
        if event == interpreter:
            raise refusal(no_interpreter)

    sys.addaudithook(hook)
