"""Prove the grader before it is used: known mistakes and correct variants of the solution.

This package has the name of a function of the Python API, so it can be called: `autograder.audit()`
is the same before and after the package was imported.
"""

import sys
from types import ModuleType
from typing import Any

import autograder
from autograder.audit.catalogue import Catalogue, CatalogueEntry, apply_entry, load_catalogue

__all__ = ["Catalogue", "CatalogueEntry", "apply_entry", "load_catalogue"]


class _CallablePackage(ModuleType):
    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return autograder.__getattr__("audit")(*arguments, **options)


sys.modules[__name__].__class__ = _CallablePackage
