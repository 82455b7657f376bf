"""Judge: find which names of a rubric module may hold a student's value, from its source.

A name may hold one if it is assigned from an expression that contains `student` or another such
name, if such a value is appended to it or stored in it, or if such a value decides which value it
gets (`if`, `for`, `try`). All of this is decided for an outermost function at once, without the
order of its lines; too many names are found rather than too few.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

Range = tuple[int, int, int, int]
"""First line and column, last line and column; columns in bytes, as Python's tracebacks have."""

_STUDENT = "student"
# The fixtures of a test whose values do not come from a student.
_CLEAN_FIXTURES = frozenset(
    ["rng", "data", "measured", "request", "monkeypatch", "tmp_path", "pytestconfig"]
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.Lambda)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@lru_cache(maxsize=64)
def read_module(text: str) -> "RubricModule | None":
    """Parse the source of a rubric module; None if that fails."""
    try:
        return RubricModule(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return None


class RubricModule:
    """A rubric module and the names in it that may hold student values.

    Args:
        tree: the module.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._functions = list(_outermost(tree))
        self._own = {one.name for one in self._functions}
        self._fixed = self._own | _imported(tree)  # names of modules and functions
        # What a function stores in a variable of the module, other functions may read.
        self._shared: set[str] = set()
        local = {one: _assigned_locally(one) for one in self._functions}
        for _ in range(3):
            for function in self._functions:
                found = self._names(function, parameters_too=True)
                self._shared |= found - local[function] - {_STUDENT}

    def may_hold_student_value(self, first_line: int, place: Range) -> bool | None:
        """Return whether a failed expression may contain a student's value.

        Args:
            first_line: the first line of the function whose code has failed.
            place: the range of the expression.

        Returns:
            None if this depends on the arguments of the function, so on the line that called it.
        """
        function = next((one for one in self._functions if _contains(one, first_line)), None)
        if function is None:
            return False  # the module's own lines run before there is a student
        names = set(_names_at(function, place))
        if names & self._names(function, parameters_too=False):
            return True
        if not names & self._names(function, parameters_too=True):
            return False
        return None

    def _names(self, function: _Function, parameters_too: bool) -> set[str]:
        """Return the names in a function that may hold a student's value.

        Args:
            function: the function.
            parameters_too: whether the parameters of a helper count.
        """
        tainted = {_STUDENT} | self._shared
        own = set(_parameters(function.args)) - {"self"}
        if _is_called_by_pytest(function):
            tainted |= own - _CLEAN_FIXTURES - set(_parametrized(function))
        elif parameters_too:
            tainted |= own
        for node in ast.walk(function):
            if node is not function and isinstance(node, _SCOPES):
                tainted |= set(_parameters(node.args))  # it may be called with anything
        while True:
            before = len(tainted)
            for node in ast.walk(function):
                if node is not function:
                    tainted.update(set(self._reached(node, tainted)) - self._fixed)
            if len(tainted) == before:
                return tainted

    def _reached(self, node: ast.AST, tainted: set[str]) -> Iterator[str]:
        """Yield the names that a statement or expression lets hold a student's value."""
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if node.value is not None:
                yield from self._assigned(targets, node.value, tainted)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            if _has(node.iter, tainted):
                yield from _all_names(node.target)
        elif isinstance(node, ast.withitem):
            if node.optional_vars is not None and _has(node.context_expr, tainted):
                yield from _all_names(node.optional_vars)
        elif isinstance(node, ast.Call):
            yield from self._changed(node, tainted)
        elif isinstance(node, _FUNCTIONS):
            if _has(node, tainted - set(_parameters(node.args))):
                yield node.name
        if _decides(node, tainted):
            yield from _stored_in(node)

    def _assigned(
        self, targets: Iterable[ast.expr], value: ast.expr, tainted: set[str]
    ) -> Iterator[str]:
        names = {name for target in targets for name in _all_names(target)}
        if _has(value, tainted):
            yield from names
        elif names & tainted and not any(isinstance(one, ast.Call) for one in ast.walk(value)):
            yield from _all_names(value)  # two names of one object, which may change

    def _changed(self, call: ast.Call, tainted: set[str]) -> Iterator[str]:
        """Yield the names whose objects a call may change: `x.append(value)`, `fill(x, value)`."""
        given = [*call.args, *(one.value for one in call.keywords)]
        if not any(_has(one, tainted) for one in given):
            return
        if isinstance(call.func, ast.Attribute):
            root = call.func.value
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                yield root.id
        elif isinstance(call.func, ast.Name) and call.func.id in self._own:
            for one in given:
                yield from _all_names(one)


def _decides(node: ast.AST, tainted: set[str]) -> bool:
    """Return whether a student's value decides what is assigned in a statement."""
    if isinstance(node, ast.If | ast.While):
        return _has(node.test, tainted)
    if isinstance(node, ast.Match):
        return _has(node.subject, tainted)
    if isinstance(node, ast.Try | ast.TryStar):
        return any(_has(one, tainted) for one in node.body)
    if isinstance(node, ast.For | ast.AsyncFor):
        inner = (one for one in ast.walk(node) if isinstance(one, ast.If | ast.While | ast.Try))
        return _has(node.iter, tainted) or any(_decides(one, tainted) for one in inner)
    return False


def _has(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(one, ast.Name) and one.id in names for one in ast.walk(node))


def _all_names(node: ast.AST) -> Iterator[str]:
    return (one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _stored_in(node: ast.AST) -> Iterator[str]:
    """Yield the names that are assigned, or whose objects may change, in a statement."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id
        elif isinstance(one, ast.Assign | ast.AugAssign):
            for target in one.targets if isinstance(one, ast.Assign) else [one.target]:
                yield from _all_names(target)
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            if isinstance(one.func.value, ast.Name):
                yield one.func.value.id
        elif isinstance(one, ast.ExceptHandler) and one.name:
            yield one.name


def _outermost(tree: ast.Module) -> Iterator[_Function]:
    """Yield the functions of a module and the methods of its classes."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, _FUNCTIONS):
                yield node
            else:
                waiting.append(node)


def _imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
    return found


def _assigned_locally(function: _Function) -> set[str]:
    """Return a function's own variables, not those of the module that it changes."""
    own = set(_parameters(function.args))
    shared = set()
    for node in ast.walk(function):
        if isinstance(node, _SCOPES):
            own |= set(_parameters(node.args))
            own |= {node.name} if isinstance(node, _FUNCTIONS) and node is not function else set()
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            own.add(node.name)
        elif isinstance(node, ast.Global):
            shared |= set(node.names)
    return own - shared


def _is_called_by_pytest(function: _Function) -> bool:
    """Return whether it is a test or a fixture, whose parameters are fixtures."""
    if function.name.startswith("test"):
        return True
    return any("fixture" in ast.unparse(one) for one in function.decorator_list)


def _parametrized(function: _Function) -> Iterator[str]:
    """Yield the parameters that `pytest.mark.parametrize` fills."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and "parametrize" in ast.unparse(decorator.func):
            names = decorator.args[0] if decorator.args else None
            for one in ast.walk(names) if names is not None else ():
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield from (name.strip() for name in one.value.split(","))


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return (one.arg for one in every)


def _contains(function: _Function, line: int) -> bool:
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    return first <= line <= (function.end_lineno or first)


def _names_at(function: _Function, place: Range) -> Iterator[str]:
    """Yield the names in an expression; of targets of an assignment, those of its statement."""
    nodes = [one for one in ast.walk(function) if _is_within(one, place)]
    names = [one for one in nodes if isinstance(one, ast.Name)]
    yield from (one.id for one in names)
    if any(isinstance(one.ctx, ast.Store) for one in names):
        for statement in ast.walk(function):
            if isinstance(statement, ast.For | ast.AsyncFor | ast.comprehension):
                parts: list[ast.AST] = [statement.target, statement.iter]
            elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.withitem):
                parts = [statement]
            else:
                continue
            if any(one in names for part in parts for one in ast.walk(part)):
                for part in parts:
                    yield from _all_names(part)


def _is_within(node: ast.AST, place: Range) -> bool:
    if not isinstance(node, ast.expr):
        return False
    begin, end = (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
    return place[:2] <= begin and end <= place[2:]
