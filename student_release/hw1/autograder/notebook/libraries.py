"""Let libraries get along without processes, threads, windows and widgets, once they are loaded.

Student code imports what it likes and when it likes, so each change is made right after the import
of its module.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

from autograder.notebook.one_process import WITHOUT_POOLS, WITHOUT_WORKERS
from autograder.notebook.stand_ins import old_names_of_display, quiet_inline_backend
from autograder.notebook.telling import say_once

BACKEND = "module://autograder.notebook.backend"


class AfterImport(importlib.abc.MetaPathFinder):
    """Finds nothing itself: it has modules changed as soon as they have been imported.

    Args:
        changes: full name of a module -> what to do with it.
    """

    def __init__(self, changes: dict[str, Callable[[Any], None]]) -> None:
        self.changes = dict(changes)

    def install(self) -> None:
        """Change what is imported already, and wait for the rest."""
        for name in [name for name in self.changes if name in sys.modules]:
            self.changes.pop(name)(sys.modules[name])
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        change = self.changes.pop(fullname, None)
        spec = importlib.util.find_spec(fullname) if change is not None else None
        if change is None or spec is None or spec.loader is None:
            return None
        spec.loader = _ChangingLoader(spec.loader, change)
        return spec


class _ChangingLoader(importlib.abc.Loader):
    def __init__(self, loader: Any, change: Callable[[Any], None]) -> None:
        self._loader, self._change = loader, change

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        module: types.ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        self._loader.exec_module(module)
        self._change(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)  # such as get_source, which inspect asks for


def _no_threads_for_progress(std: Any) -> None:
    """A bar of tqdm has a thread that watches it."""
    std.tqdm.monitor_interval = 0


def _no_widgets_for_progress(notebook: Any) -> None:
    """`tqdm.notebook` draws with ipywidgets, which may be missing; a line of text will do."""
    from tqdm import std

    notebook.tqdm = notebook.tqdm_notebook = std.tqdm
    notebook.trange = notebook.tnrange = std.trange


def _one_backend(matplotlib: Any) -> None:
    """`matplotlib.use("TkAgg")` would fail without a screen, and `use("Agg")` hide figures."""
    matplotlib.rcParams["backend"] = BACKEND
    matplotlib.interactive(False)  # interactive figures are drawn again and again
    matplotlib.use = lambda backend, *, force=True: None


def _present_backend(pyplot: Any) -> None:
    pyplot.switch_backend(BACKEND)


def _no_secrets(module: Any) -> None:
    """`getpass.getpass()` would wait for a terminal."""

    def nothing(prompt: object = "", *arguments: object, **keywords: object) -> str:
        say_once("getpass() has an empty answer when notebooks are graded: nobody is asked")
        return ""

    module.getpass = nothing


def prepare_one_process() -> None:
    """Have libraries get along in one process from now on, whoever imports them."""
    AfterImport({**WITHOUT_WORKERS, **WITHOUT_POOLS}).install()


def prepare_libraries() -> AfterImport:
    """Have all libraries changed that need it; whoever calls takes the finder away again."""
    os.environ["MPLBACKEND"] = BACKEND
    finder = AfterImport(
        {
            "matplotlib": _one_backend,
            "matplotlib.pyplot": _present_backend,
            "matplotlib_inline.backend_inline": quiet_inline_backend,
            "IPython.display": old_names_of_display,
            "IPython.core.display": old_names_of_display,
            "getpass": _no_secrets,
            **WITHOUT_WORKERS,
            "tqdm.std": _no_threads_for_progress,
            "tqdm.notebook": _no_widgets_for_progress,
        }
    )
    finder.install()
    return finder
