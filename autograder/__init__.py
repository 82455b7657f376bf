"""Build, check and grade deep-learning assignments; knows no assignment by name.

`grade`, `build` and `audit` are the Python API (docs/python-api.md). They are imported when they
are used, so that `import autograder` stays light.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.api import build as build
    from autograder.api import grade as grade

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("grade", "build", "audit"):
        from autograder import api

        return getattr(api, name)
    raise AttributeError(f"module 'autograder' has no attribute '{name}'")
