"""Read what a notebook's run has left, without blaming one item for what another item lacks."""

import re
from typing import Any

from autograder.rubric.check import CheckFailed
from autograder.rubric.failures import StudentError
from autograder.rubric.session import RemoteRef, require_reference

_UNDEFINED = re.compile(r"name '(\w+)' is not defined")


def left_by_run(notebook: RemoteRef, name: str, *, own: bool = True) -> Any:
    """Return a variable of a notebook's run, or None where the run did not get that far.

        history = left_by_run(student.notebook, "history")

    A cell that stops costs what depends on it, but not what is further down and right: if this
    returns None, an item is judged by its functions alone. Therefore call one of them first; a
    stub then reports that nothing was attempted.

    Args:
        notebook: the notebook.
        name: the variable.
        own: whether it is the item's own variable, and not one of an earlier item.

    Raises:
        StudentError: no cell assigns the item's own variable: it was renamed, or its cell deleted.
        CheckFailed: its cell is above the one that makes what it needs.
        OpaqueValue: the notebook was given as a plain value.
    """
    require_reference(notebook)
    try:
        return getattr(notebook, name)
    except StudentError as error:
        if own and error.kind == "AttributeError" and not error.frames:
            raise
        needed = _UNDEFINED.search(error.message) if error.kind == "NameError" else None
        if own and needed is not None and _is_there(notebook, needed[1]):
            hint = "cells run in order, from the top: Restart Kernel and Run All Cells shows it"
            problem = f"needs `{needed[1]}`, which a cell further down makes"
            raise CheckFailed(f"the cell of `{name}`", problem, hint) from None
        return None


def _is_there(notebook: RemoteRef, name: str) -> bool:
    try:
        getattr(notebook, name)
    except (StudentError, AttributeError):  # the latter for names such as __array__
        return False
    return True
