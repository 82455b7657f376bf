"""Make libraries work without processes, threads, windows and widgets, once they are loaded.

Student code imports anything at any time, so each change is made right after its module is
imported.
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
    """A finder that finds nothing itself, but changes modules right after they are imported.

    Args:
        changes: full name of a module -> the function that changes it.
    """

    def __init__(self, changes: dict[str, Callable[[Any], None]]) -> None:
        self.changes = dict(changes)

    def install(self) -> None:
        """Change the modules imported already, and the others when they are imported."""
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
        return getattr(self._loader, name)  # such as get_source, which inspect needs


def _no_threads_for_progress(std: Any) -> None:
    """Disable the monitoring thread of tqdm's progress bars."""
    std.tqdm.monitor_interval = 0


def _no_widgets_for_progress(notebook: Any) -> None:
    """Use text bars in `tqdm.notebook`, whose ipywidgets may be missing."""
    from tqdm import std

    notebook.tqdm = notebook.tqdm_notebook = std.tqdm
    notebook.trange = notebook.tnrange = std.trange


def _one_backend(matplotlib: Any) -> None:
    """Ignore `matplotlib.use`: "TkAgg" would fail without a screen, "Agg" would hide figures."""
    matplotlib.rcParams["backend"] = BACKEND
    matplotlib.interactive(False)  # interactive figures are redrawn repeatedly
    matplotlib.use = lambda backend, *, force=True: None


def _present_backend(pyplot: Any) -> None:
    pyplot.switch_backend(BACKEND)


def _no_secrets(module: Any) -> None:
    """Replace `getpass.getpass()`, which would wait for a terminal."""

    def nothing(prompt: object = "", *arguments: object, **keywords: object) -> str:
        say_once("getpass() returns an empty answer when notebooks are graded")
        return ""

    module.getpass = nothing


def prepare_one_process() -> None:
    """Make libraries work in one process from now on, whichever code imports them."""
    AfterImport({**WITHOUT_WORKERS, **WITHOUT_POOLS}).install()


def prepare_libraries() -> AfterImport:
    """Change all libraries that need it; the caller must remove the finder afterwards."""
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
