"""Replace modules of Colab and Kaggle, and names that IPython once had.

They have no meaning where a notebook is graded. So that a line such as `from google.colab import
drive` costs no points, each call does nothing, returns an empty value and says so once in the
output of its cell.
"""

import importlib.machinery
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from autograder.notebook.telling import say_once

_COLAB = "google.colab"
_COLAB_MODULES = (
    "ai auth autoviz data_table drive errors files html output patches runtime sheets snippets "
    "syntax userdata widgets"
).split()
STAND_INS = (_COLAB, "kaggle_secrets", "kaggle_datasets", "kaggle_web_client")
"""Modules that student code may always import; they have no function."""

# What calls return where other code would use the result: a text, the uploaded files.
_EMPTY: dict[str, Callable[[], object]] = {
    "google.colab.files.upload": dict,
    "google.colab.userdata.get": str,
    "kaggle_secrets.UserSecretsClient.get_secret": str,
}


def is_stand_in(name: str) -> bool:
    """Return whether a dotted name is one of these modules, or within one."""
    return any(name == module or name.startswith(f"{module}.") for module in STAND_INS)


class Nothing:
    """A named object that does nothing as a function, object or context manager."""

    def __init__(self, name: str) -> None:
        self.__name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing(f"{self.__name}.{name}")

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        say_once(f"{self.__name}() does nothing when notebooks are graded")
        empty = _EMPTY.get(self.__name)
        return self if empty is None else empty()

    def __enter__(self) -> "Nothing":
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __str__(self) -> str:
        return ""

    def __repr__(self) -> str:
        return f"<{self.__name}, which does nothing when notebooks are graded>"


class _StandIn(types.ModuleType):
    """A module in which every public name exists."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "A stand-in that does nothing.")
        self.__path__: list[str] = []  # submodules come from `sys.modules`
        self.__spec__ = importlib.machinery.ModuleSpec(name, None, is_package=True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return Nothing(f"{self.__name__}.{name}")


def put_stand_ins() -> dict[str, types.ModuleType | None]:
    """Put the stand-ins into `sys.modules`; return the previous modules."""
    modules = {name: _StandIn(name) for name in STAND_INS}
    for name in _COLAB_MODULES:
        modules[f"{_COLAB}.{name}"] = module = _StandIn(f"{_COLAB}.{name}")
        setattr(modules[_COLAB], name, module)
    google = sys.modules.get("google") or _real_google()
    before = {name: sys.modules.get(name) for name in ("google", *modules)}
    google.__dict__["colab"] = modules[_COLAB]
    sys.modules.update({"google": google, **modules})
    return before


def take_away(before: dict[str, types.ModuleType | None]) -> None:
    """Undo `put_stand_ins`."""
    for name, module in before.items():
        if module is None:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = module
    google = sys.modules.get("google")
    if google is not None:
        real = before.get(_COLAB)
        if real is not None:
            google.__dict__["colab"] = real
        else:
            google.__dict__.pop("colab", None)


def _real_google() -> types.ModuleType:
    """Return the package `google`, which other libraries share, without importing it."""
    google = types.ModuleType("google")
    google.__path__ = []
    try:
        spec = importlib.machinery.PathFinder.find_spec("google")
        google.__path__ = list(spec.submodule_search_locations or []) if spec is not None else []
    except (ImportError, OSError, ValueError):  # it cannot be searched for here
        pass
    return google


def old_names_of_display(module: Any) -> None:
    """Restore names that `IPython.display` and `IPython.core.display` had until IPython 8."""
    for name in ("set_matplotlib_formats", "set_matplotlib_close"):
        if not hasattr(module, name):
            setattr(module, name, Nothing(f"{module.__name__}.{name}"))
    from IPython.core import display_functions

    for name in ("display", "clear_output", "publish_display_data", "update_display"):
        if not hasattr(module, name) and hasattr(display_functions, name):
            setattr(module, name, getattr(display_functions, name))


def quiet_inline_backend(module: Any) -> None:
    """Disable `matplotlib_inline.backend_inline`, which sets up a backend not used here."""
    for name in ("set_matplotlib_formats", "set_matplotlib_close"):
        setattr(module, name, Nothing(f"{module.__name__}.{name}"))
