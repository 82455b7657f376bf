"""Decide which additional modules of a student's own may be imported, and by which rules.

Such a module must not replace a library, this tool or anything that the judge asks for. The rules
of every package and notebook that leads to the module apply to it.
"""

import sys
from collections.abc import Mapping
from importlib.machinery import PathFinder
from typing import Any

from autograder.assignment import Assignment
from autograder.assignment.spec import CodeRules
from autograder.handing_in.own_files import NEVER_MODULES
from autograder.handing_in.references import Module
from autograder.sandbox.imports import NOTEBOOK_RUNTIME, RUNTIME


def may_be_imported(
    assignment: Assignment, modules: Mapping[str, Module]
) -> tuple[dict[str, Module], list[str]]:
    """Return the modules whose names are not taken, and a sentence on each of the others.

    Modules that ship with the release, outside its packages, are included.
    """
    roots = (
        *(one.path for one in assignment.packages),
        *(one.path for one in assignment.notebooks),
    )
    shipped = {path.partition("/")[0].removesuffix(".py") for path in assignment.released_files
               if path.endswith(".py") and assignment.package_of(path) is None}  # fmt: skip
    modules = {**modules, **{name: Module("", roots) for name in shipped}}
    kept = {name: one for name, one in modules.items() if not _is_taken(assignment, name)}
    notices = [
        f"`{name}` next to the notebooks is not imported: a library, or a part of the assignment, "
        "has this name. Rename it."
        for name in sorted(modules.keys() - kept.keys())
    ]
    return kept, notices


def descriptions(
    assignment: Assignment, modules: Mapping[str, Module], notebook: str, rules: CodeRules
) -> dict[str, dict[str, Any]]:
    """Return how a worker imports the modules, in the form of `WorkerSpec.packages`.

    Args:
        assignment: what is graded.
        modules: the modules that may be imported.
        notebook: the path of the notebook that the worker runs; "" for a worker of packages.
        rules: the rules of the items, in addition to the others.
    """
    of_root = {package.path: package.rules for package in assignment.packages}
    if notebook:
        of_root[notebook] = assignment.notebook(notebook).rules
    found = {}
    for name, module in modules.items():
        leading = [of_root[root] for root in module.roots if root in of_root]
        if leading:
            whole = rules
            for one in leading:
                whole = one & whole
            found[name] = {**whole.as_plain(), "within": module.within}
    return found


def _is_taken(assignment: Assignment, name: str) -> bool:
    ours = {
        *NEVER_MODULES, *RUNTIME, *NOTEBOOK_RUNTIME,
        *(package.name for package in assignment.packages),
        *(notebook.name for notebook in assignment.notebooks),
    }  # fmt: skip
    every = [one.rules for one in assignment.packages]
    every += [one.rules for one in assignment.notebooks] + [one.rules for one in assignment.items]
    for rules in every:
        ours |= {*(rules.allowed_imports or ()), *rules.banned_imports}
        ours |= {pattern.partition(".")[0] for pattern in rules.banned_names}
    is_tool = name.startswith(("rubric_support_", "_sysconfigdata_", "__"))
    return name in ours or is_tool or _is_installed(name)


def _is_installed(name: str) -> bool:
    """Return whether a library of this name is installed; the current folder does not count."""
    places = [place for place in sys.path if "-packages" in place]
    try:
        return PathFinder.find_spec(name, places) is not None
    except (ImportError, ValueError):
        return True
