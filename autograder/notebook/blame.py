"""Find the cell responsible for a missing variable, so that its error can be reported."""

import ast
import builtins
import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.notebook.asking import Asking
from autograder.notebook.cells import mentions, names_assigned, names_filled, names_in_text
from autograder.notebook.document import CodeCell

_PLACEHOLDERS = (list, dict, set, type(None))


@dataclass(frozen=True)
class Failure:
    """A cell that did not run to its end.

    Attributes:
        cell: the cell.
        error: what it raised.
        root: the error that caused this one, such as the stub behind a NameError; often the
            same.
        waits: whether the cell itself is an unwritten stub.
    """

    cell: CodeCell
    error: BaseException
    root: BaseException
    waits: bool


class Blame:
    """Follows a run cell by cell.

    Args:
        notebook: the notebook's file name.
        namespace: its variables.
    """

    def __init__(self, notebook: str, namespace: Mapping[str, object]) -> None:
        self.notebook, self._namespace = notebook, namespace
        self.failures: list[Failure] = []
        self._owed: dict[str, BaseException] = {}  # names that should have been assigned
        self._spoiled: dict[str, BaseException] = {}  # assigned, but should have been filled
        self._missing: list[BaseException] = []  # errors of failed imports
        self.asking = Asking()
        self.begin(CodeCell(0, ""))

    def begin(self, cell: CodeCell) -> None:
        """Record the start of a cell that is run statement by statement."""
        self._cell = cell
        self._raised: list[tuple[BaseException, BaseException]] = []  # each with its cause
        self._ended: BaseException | None = None  # why the rest of the cell is skipped
        self._made: set[str] = set()

    def begins(self, statement: ast.stmt) -> bool:
        """Return whether to run a statement of the cell.

        After a failed statement only imports run: they rarely depend on the code above them.
        """
        self.asking.forget()
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        if self._ended is None or (is_import and isinstance(self._ended, Exception)):
            return True
        self._owe(statement, self._ended)
        return False

    def ran(self, statement: ast.stmt) -> None:
        """Record a statement that has run."""
        self._assigned(statement)
        self._made |= names_assigned(statement)

    def failed_at(self, statement: ast.stmt, error: BaseException) -> None:
        """Record a statement that has raised an error.

        A failed import only makes the names that it would bind unavailable, and what needs them.
        """
        root = self._root_of(error, [statement])
        self._owe(statement, root)
        self._raised.append((error, root))
        if isinstance(statement, ast.Import | ast.ImportFrom) and isinstance(error, Exception):
            self._missing.append(root)
        elif not any(root is known for known in self._missing) and self._ended is None:
            self._ended = root if isinstance(error, Exception) else error

    def end(self) -> bool:
        """Record the end of the cell; return whether nothing failed in it."""
        reported: list[BaseException] = []
        for error, root in self._raised:
            if any(root is known for known in reported):
                continue
            reported.append(root)
            waits = isinstance(error, NotImplementedError) and _raised_by_itself(error)
            if waits:
                self._spoil_placeholders(self._made, root)
            self.failures.append(Failure(self._cell, error, root, waits))
        return not reported

    def succeeded(self, tree: ast.Module) -> None:
        """Record a cell that has run to its end."""
        for statement in tree.body:
            self._assigned(statement)

    def failed(
        self, cell: CodeCell, error: BaseException, tree: ast.Module | None, line: int
    ) -> None:
        """Record a cell that raised an error.

        Args:
            cell: the cell.
            error: what it raised.
            tree: its code, or None if it is not Python.
            line: the line of the cell at which it happened; 0 if nothing of it has run.
        """
        waits = isinstance(error, NotImplementedError) and _raised_by_itself(error)
        done = [] if tree is None else [node for node in tree.body if _end(node) < line]
        rest = [] if tree is None else tree.body[len(done) :]
        for statement in done:
            self._assigned(statement)
        root = self._root_of(error, rest[:1])
        if tree is None:
            self._owed.update(dict.fromkeys(names_in_text(cell.source), root))
        for statement in rest:
            self._owe(statement, root)
        if waits:
            made = {name for statement in done for name in names_assigned(statement)}
            self._spoil_placeholders(made, root)
        self.failures.append(Failure(cell, error, root, waits))

    def value(self, name: str) -> Any:
        """Return the variable of that name.

        Raises:
            BaseException: the error of the cell that should have assigned it.
            AttributeError: no cell assigns it (NotImplementedError if stubs are left).
        """
        error = self._error_behind(name)
        if error is not None:
            raise error.with_traceback(error.__traceback__)
        if name in self._namespace:
            return self._namespace[name]
        raise self._not_there(name)

    def cause_of(self, error: BaseException) -> BaseException | None:
        """Return the cause of an error raised by a function of the notebook, if known."""
        behind: BaseException | None = self.asking.behind(error, in_statement=False)
        if behind is None and _raised_within(error, self._namespace):
            behind = self._behind_name(error)
        return behind

    def _owe(self, statement: ast.stmt, root: BaseException) -> None:
        self._owed.update(dict.fromkeys(names_assigned(statement), root))
        self._spoiled.update(dict.fromkeys(names_filled(statement), root))

    def _spoil_placeholders(self, made: Collection[str], root: BaseException) -> None:
        """Mark lists and dicts created in a stub's cell: the stub was meant to fill them."""
        empty = [name for name in made if type(self._namespace.get(name)) in _PLACEHOLDERS]
        self._spoiled.update(dict.fromkeys(empty, root))

    def _assigned(self, statement: ast.stmt) -> None:
        for name in names_assigned(statement):
            self._owed.pop(name, None)
            self._spoiled.pop(name, None)

    def _error_behind(self, name: str) -> BaseException | None:
        if name in self._spoiled:
            return self._spoiled[name]
        if name in self._namespace:
            # An earlier cell assigned it; a mere placeholder does not count.
            value = self._namespace[name]
            return self._owed.get(name) if value is None or value is ... else None
        return self._owed.get(name) or self._owed.get("*") or self._stub_about(name)

    def _stub_about(self, name: str) -> BaseException | None:
        """Return the stub that mentions a name in its comments or in the text above it."""
        for failure in self.failures:
            if failure.waits:
                if mentions(f"{failure.cell.above}\n{failure.cell.source}", name):
                    return failure.error
        return None

    def _root_of(self, error: BaseException, failed: Collection[ast.stmt]) -> BaseException:
        """Return the error that caused this one by a missing name that the statement needed."""
        behind = self.asking.behind(error, in_statement=True) or self._behind_name(error)
        if behind is None and not isinstance(error, NameError | NotImplementedError):
            parts = [part for statement in failed for part in ast.walk(statement)]
            used = [part.id for part in parts if isinstance(part, ast.Name)]
            behind = next((self._spoiled[name] for name in used if name in self._spoiled), None)
        return behind or error

    def _behind_name(self, error: BaseException) -> BaseException | None:
        """Return the error that kept a cell from assigning the name missing in another one."""
        if type(error) is not NameError or not isinstance(error.name, str):
            return None
        if error.name in self._namespace or hasattr(builtins, error.name):
            return None
        return self._error_behind(error.name)

    def _not_there(self, name: str) -> Exception:
        words = f"{self.notebook} defines no `{name}`"
        own = [other for other in self._namespace if not other.startswith("_")]
        close = difflib.get_close_matches(name, own, n=1, cutoff=0.7)
        if close:
            return AttributeError(f"{words}; did you mean `{close[0]}`?")
        waiting = [failure.error for failure in self.failures if failure.waits]
        if waiting:  # the stub may be meant to define it
            return NotImplementedError(f"{words}; still to be written: {waiting[0]}")
        return AttributeError(words)


def _end(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _raised_by_itself(error: BaseException) -> bool:
    """Return whether a cell's own line raised an error, not a function that it called."""
    traceback = error.__traceback__
    if traceback is None:
        return False
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame.f_code.co_name == "<module>"


def _raised_within(error: BaseException, namespace: Mapping[str, object]) -> bool:
    """Return whether the line that raised an error runs in this namespace."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and traceback.tb_frame.f_globals is namespace
