"""Generate cheats: the complete solution with one item's regions answered without its work.

All functions of an item's regions are replaced at once, each according to a strategy; code at the
top of a cell continues with values of the right form. The replacements are defined in `cheating/`.
"""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from autograder.audit.marked import Files, Marked, Text, with_region

# strategy -> its name in a report
STRATEGIES = {
    "input": "returns its input",
    "last": "returns the last value it saw",
    "zeros": "returns zeros of the right shape",
    "ones": "returns ones of the right shape",
    "constant": "returns a constant of the right shape",
    "raises": "raises ValueError",
    "nothing": "does nothing",
    "found": "returns what it finds in the rubric's support modules, and forges what they note",
    "patch-true": "lets every function of the support modules return True",
    "patch-input": "lets every function of the support modules return its first argument",
    "patch-invented": "lets every function of the support modules report work that was not done",
}
# These inspect the rubric's support modules, so they are tried if an item uses some.
OF_SUPPORT = ("found", "patch-true", "patch-input", "patch-invented")
# All work is left undone at once; the claim files are those of another person who did it.
CLAIMS = "claims"
# Without a function, the other strategies have the same effect.
WITHOUT_FUNCTIONS = ("zeros", "ones", "constant", "nothing")
# The regions of tests that students write have no results: the statement in their place.
OF_TESTS = {"nothing": "pass", "raises": 'raise ValueError("no")'}
QUICK = ("input", "zeros", "nothing", "found", "patch-invented")

_FOLDER = Path(__file__).with_name("cheating")
_MODULES = ("values", "figures", "search", "patching", "answers")  # each needs those before it
_NAME = "_audit_cheat"


@dataclass(frozen=True)
class Cheat:
    """A generated cheat.

    Attributes:
        item: the item whose work is not done.
        strategy: a key of `STRATEGIES`.
        regions: the regions of that item.
        of_tests: whether they are in tests that students write.
    """

    item: str
    strategy: str
    regions: tuple[Marked, ...]
    of_tests: bool = False

    @property
    def title(self) -> str:
        """A description for people."""
        return STRATEGIES[self.strategy]

    def make(self, files: Files) -> Files:
        """Return the complete solution with this cheat in it."""
        if self.of_tests:
            return self._with_other_tests(files)
        changes: dict[tuple[str, int], _Change] = {}
        for region in self.regions:
            for change in _changes(region, self.strategy):
                key = change.place.text.file, change.place.first
                known = changes.get(key)
                changes[key] = change if known is None else known.together(change)
        for key in sorted(
            changes, reverse=True
        ):  # from below, so that the lines above keep their positions
            files = with_region(files, changes[key].place, changes[key].lines)
        return files

    def _with_other_tests(self, files: Files) -> Files:
        for region in sorted(self.regions, key=lambda one: one.first, reverse=True):
            first = region.text.text.splitlines()[region.first - 1]
            indent = first[: len(first) - len(first.lstrip())]
            files = with_region(files, region, f"{indent}{OF_TESTS[self.strategy]}\n")
        return files


@dataclass(frozen=True)
class _Change:
    """Statements at the top of a file, and the lines that replace or follow them."""

    place: Marked
    before: str
    behind: tuple[str, ...] = ()

    def together(self, other: "_Change") -> "_Change":
        """Return both changes of the same statements combined."""
        new = tuple(line for line in other.behind if line not in self.behind)
        return replace(self, behind=self.behind + new)

    @cached_property
    def lines(self) -> str:
        return "".join((self.before, *self.behind))


def cheats_of(
    regions: Sequence[Marked],
    with_support: set[str],
    quick: bool,
    of_tests: bool = False,
) -> Iterator[Cheat]:
    """Yield the cheats of each item that has regions.

    Args:
        regions: the marked regions of the solution.
        with_support: ids of the items whose tests use support modules.
        quick: whether to use only a few strategies.
        of_tests: whether the regions are in tests that students write.
    """
    for item in dict.fromkeys(region.item for region in regions):
        own = tuple(region for region in regions if region.item == item)
        strategies = QUICK if quick else tuple(STRATEGIES)
        if of_tests:
            strategies = tuple(name for name in strategies if name in OF_TESTS)
        elif not any(region.function for region in own):
            strategies = WITHOUT_FUNCTIONS
        for strategy in strategies:
            if strategy not in OF_SUPPORT or item in with_support:
                yield Cheat(item, strategy, own, of_tests)


def _changes(region: Marked, strategy: str) -> Iterator[_Change]:
    text = region.text
    if region.function:
        top, name, method = _find(text, region)
        outputs = _outputs(text, name)
        yield _behind(region, top, _assignment(name, strategy, method, outputs))
        return
    lines = text.text.splitlines(keepends=True)
    made = [_start(strategy)]
    for statement in region.statements:
        first, last = _first_line(statement), statement.end_lineno or statement.lineno
        made += _loose(statement, "".join(lines[first - 1 : last]), strategy)
    yield _Change(region, "".join(made))


def _find(text: Text, region: Marked) -> tuple[ast.stmt, str, bool]:
    """Find the function that a region is in.

    Returns:
        The statement at the top of the file around it, its name, and whether it is a method.
    """
    top = next(
        statement
        for statement in text.tree.body
        if statement.lineno <= region.first and region.last <= (statement.end_lineno or 0)
    )
    inner: ast.stmt = top
    names: list[str] = []
    for name in region.function.split("."):
        if names:
            inner = next(
                one
                for one in ast.iter_child_nodes(inner)
                if isinstance(one, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                and one.name == name
                and one.lineno <= region.first <= (one.end_lineno or 0)
            )
        names.append(name)
        if not isinstance(inner, ast.ClassDef):
            break
    return top, ".".join(names), len(names) > 1


def _outputs(text: Text, name: str) -> int:
    """Return how many values a function returns, according to its `return` statements."""
    last = name.rpartition(".")[2]
    counts = [
        len(node.value.elts)
        for function in ast.walk(text.tree)
        if isinstance(function, ast.FunctionDef) and function.name == last
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)
    ]
    return max(counts, default=1)


def _behind(region: Marked, top: ast.stmt, line: str) -> _Change:
    lines = region.text.text.splitlines(keepends=True)
    first, last = _first_line(top), top.end_lineno or top.lineno
    place = replace(region, first=first, last=last)
    strategy_start = _start("")
    return _Change(place, "".join(lines[first - 1 : last]), (strategy_start, line))


def _assignment(name: str, strategy: str, method: bool, outputs: int) -> str:
    owner, _, last = name.rpartition(".")
    of_class = f'vars({owner})["{last}"]' if owner else name
    lazy = f'{_NAME}.lazy({of_class}, "{strategy}", {method}, {outputs})'
    return f"{name} = {lazy}\n"


def _loose(statement: ast.stmt, source: str, strategy: str) -> Iterator[str]:
    """Yield the replacement of a statement at the top of a cell."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        yield source
        return
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield source
        if isinstance(statement, ast.ClassDef):
            yield f'{statement.name} = {_NAME}.lazy_class({statement.name}, "{strategy}")\n'
        else:
            yield _assignment(statement.name, strategy, False, 1)
        return
    names = sorted(_bound(statement))
    if strategy in ("nothing", "raises"):
        yield "".join(f"{name} = None\n" for name in names)
        return
    yield f'try:\n    with {_NAME}.drawing("{strategy}"):\n'
    yield textwrap.indent(source, " " * 8).rstrip("\n") + "\n"
    yield "except Exception:\n    pass\n"
    for name in names:
        yield f'{name} = {_NAME}.value(globals().get("{name}"), "{strategy}")\n'


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds, except within comprehensions and functions."""
    found: set[str] = set()
    waiting: list[ast.AST] = [statement]
    hidden = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda,
              ast.FunctionDef, ast.ClassDef)  # fmt: skip
    while waiting:
        node = waiting.pop()
        if isinstance(node, hidden):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        waiting += ast.iter_child_nodes(node)
    return found


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    lines: list[int] = [statement.lineno, *(one.lineno for one in decorators)]
    return min(lines)


def _start(strategy: str) -> str:
    """Return the lines that load the modules of `cheating/` into a worker once."""
    package = f"{__package__}.cheating"
    sources = {
        f"{package}.{name}": (_FOLDER / f"{name}.py").read_text(encoding="utf-8")
        for name in _MODULES
    }
    return (
        "import sys as _audit_sys, types as _audit_types\n"
        f"for _audit_name, _audit_text in {sources!r}.items():\n"
        "    if _audit_name not in _audit_sys.modules:\n"
        "        _audit_module = _audit_types.ModuleType(_audit_name)\n"
        "        _audit_sys.modules[_audit_name] = _audit_module\n"
        "        exec(compile(_audit_text, _audit_name, 'exec'), vars(_audit_module))\n"
        f"{_NAME} = _audit_sys.modules['{package}.{_MODULES[-1]}']\n"
    )
