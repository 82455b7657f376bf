"""Generate the edits of mutants: one operator, constant, axis, transpose, slice, comparison, ...

Each function yields edits of one kind for a node of a syntax tree. The kinds are typical mistakes
in array code; mutation-testing libraries cover only scalar code.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.audit.cosmetic import EVERYTHING, Seen, is_unseen, unseen_keywords
from autograder.audit.marked import Text


@dataclass(frozen=True, order=True)
class Edit:
    """A range of a text's bytes, and its replacement in the mutant."""

    begin: int
    end: int
    replacement: bytes


_OPERATORS: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.MatMult: ("@", "*"),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: (r"is\s+not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: (r"not\s+in", ("in",)),
}
# The replacement of a function or method of this name.
_OTHER_CALLS = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "argmax": "argmin",
    "argmin": "argmax", "maximum": "minimum", "minimum": "maximum", "std": "var", "var": "std",
    "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "ones_like": "zeros_like",
    "any": "all", "all": "any", "floor": "ceil", "ceil": "floor", "vstack": "hstack",
    "hstack": "vstack", "sin": "cos", "cos": "sin", "relu": "tanh", "tanh": "sin",
}  # fmt: skip
_BUILTINS = {"max", "min", "any", "all"}  # these names are also called as built-in functions
# f(x) -> x, and x.f() -> x
_LEFT_OUT = {
    "sqrt", "log", "exp", "abs", "absolute", "square", "reversed", "sorted", "copy", "transpose",
    "flip", "logical_not", "tanh", "detach", "eval", "train", "step", "zero_grad", "backward",
}  # fmt: skip
# Values of these statements and expressions are never part of an answer.
_IGNORED = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)


def edits_of(text: Text, statement: ast.stmt, seen: Seen = EVERYTHING) -> Iterator[Edit]:
    """Yield every edit of a statement and its parts, except of what only looks nice.

    Args:
        text: the text that contains it.
        statement: a statement of a region.
        seen: what the tests of its item can see of prints and figures.
    """
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(statement, frozenset())]
    while waiting:
        node, loop_names = waiting.pop()
        if isinstance(node, _IGNORED) or _is_docstring(node) or is_unseen(node, seen):
            continue
        if isinstance(node, ast.For):
            names = {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
            loop_names |= names
        for kind in _KINDS.get(type(node), ()):
            yield from kind(text, node)
        if isinstance(node, ast.AugAssign) and _is_one_of(node.target, loop_names):
            yield _replaced_not_changed(text, node)
        if isinstance(node, ast.FunctionDef):  # annotations and decorators compute nothing
            children: list[ast.AST] = [*node.args.defaults, *node.body]
        else:
            styles = set(unseen_keywords(node))
            children = [one for one in ast.iter_child_nodes(node) if one not in styles]
        waiting += [(child, loop_names) for child in reversed(children)]


def results_of(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield the results of a region: return values and values assigned to attributes."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Return | ast.Assign) and node.value is not None:
            if isinstance(node, ast.Return) or isinstance(node.targets[0], ast.Attribute):
                yield node.value


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_one_of(node: ast.expr, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _source(text: Text, node: ast.AST) -> bytes:
    begin, end = text.span(node)
    return text.data[begin:end]


def _instead(text: Text, node: ast.AST, replacement: bytes | str) -> Edit:
    data = replacement.encode() if isinstance(replacement, str) else replacement
    return Edit(*text.span(node), data)


def _between(text: Text, left: ast.AST, right: ast.AST, sign: str, other: str) -> Iterator[Edit]:
    """Replace an operator between its operands, possibly next to parentheses."""
    begin, end = text.span(left)[1], text.span(right)[0]
    gap = text.data[begin:end].decode()
    found = re.search(sign, gap)
    if found is not None and "#" not in gap:
        before = len(gap[: found.start()].encode())
        yield Edit(begin + before, begin + before + len(found[0].encode()), other.encode())


def _operator(text: Text, node: ast.BinOp) -> Iterator[Edit]:
    if type(node.op) in _OPERATORS and not _is_text(node.left):
        sign, other = _OPERATORS[type(node.op)]
        yield from _between(text, node.left, node.right, re.escape(sign), other)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _assigning_operator(text: Text, node: ast.AugAssign) -> Iterator[Edit]:
    if type(node.op) in _OPERATORS:
        sign, other = _OPERATORS[type(node.op)]
        yield from _between(text, node.target, node.value, re.escape(f"{sign}="), f"{other}=")


def _replaced_not_changed(text: Text, node: ast.AugAssign) -> Edit:
    """Replace `p -= g` by `p = p - (g)`, which leaves an array in a list unchanged."""
    target, value = _source(text, node.target).decode(), _source(text, node.value).decode()
    sign = _OPERATORS.get(type(node.op), ("+", ""))[0]
    return _instead(text, node, f"{target} = {target} {sign} ({value})")


def _comparison(text: Text, node: ast.Compare) -> Iterator[Edit]:
    operands = [node.left, *node.comparators]
    for number, operator in enumerate(node.ops):
        sign, others = _COMPARISONS[type(operator)]
        for other in others:
            yield from _between(text, operands[number], operands[number + 1], sign, other)


def _and_or(text: Text, node: ast.BoolOp) -> Iterator[Edit]:
    sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for left, right in zip(node.values, node.values[1:], strict=False):
        yield from _between(text, left, right, sign, other)


def _unary(text: Text, node: ast.UnaryOp) -> Iterator[Edit]:
    if isinstance(node.op, ast.Not | ast.Invert) or (
        isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant)
    ):
        yield _instead(text, node, b"(" + _source(text, node.operand) + b")")


def _constant(text: Text, node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, bool):
        yield _instead(text, node, str(not value))
    elif isinstance(value, int):
        yield _instead(text, node, str(value + 1))
        if value > 0:
            yield _instead(text, node, str(value - 1))
    elif isinstance(value, float):
        yield _instead(text, node, repr(2 * value if value else 1.0))


def _call(text: Text, node: ast.Call) -> Iterator[Edit]:
    name = _name_of_call(node)
    if name in _OTHER_CALLS and (isinstance(node.func, ast.Attribute) or name in _BUILTINS):
        end = text.span(node.func)[1]
        yield Edit(end - len(name.encode()), end, _OTHER_CALLS[name].encode())
    if name in _LEFT_OUT and not node.keywords:
        if len(node.args) == 1:
            yield _instead(text, node, b"(" + _source(text, node.args[0]) + b")")
        elif not node.args and isinstance(node.func, ast.Attribute):
            yield _instead(text, node, b"(" + _source(text, node.func.value) + b")")
    if name == "range" and node.args:
        last = node.args[-1] if len(node.args) < 3 else node.args[1]
        yield _instead(text, last, b"(" + _source(text, last) + b") - 1")
    styles = set(unseen_keywords(node))
    for keyword in node.keywords:
        if keyword.arg is not None and keyword not in styles:
            yield _without(text, node, keyword)
        if keyword.arg in ("axis", "dim"):
            yield from _other_axis(text, keyword.value)


def _name_of_call(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _without(text: Text, call: ast.Call, keyword: ast.keyword) -> Edit:
    """Remove a keyword argument with the comma before or after it."""
    begin, end = text.span(keyword)
    before = re.search(rb",\s*$", text.data[:begin])
    behind = re.match(rb"\s*,\s*", text.data[end:])
    if before is not None:
        begin = before.start()
    elif behind is not None:
        end += behind.end()
    return Edit(begin, end, b"")


def _other_axis(text: Text, value: ast.expr) -> Iterator[Edit]:
    known = {"0": "1", "1": "0", "-1": "0", "2": "1"}
    axis = _source(text, value).decode()
    if axis in known:
        yield _instead(text, value, known[axis])


def _transpose(text: Text, node: ast.Attribute) -> Iterator[Edit]:
    if node.attr in ("T", "mT"):
        yield _instead(text, node, b"(" + _source(text, node.value) + b")")


def _slice(text: Text, node: ast.Slice) -> Iterator[Edit]:
    for bound, step in ((node.lower, "+ 1"), (node.upper, "- 1")):
        if bound is not None:
            source = _source(text, bound)
            if not isinstance(bound, ast.Constant):  # constants have edits of their own
                yield _instead(text, bound, b"(" + source + b") " + step.encode())
            yield _instead(text, bound, b"")


def _condition(text: Text, node: ast.If | ast.IfExp | ast.While) -> Iterator[Edit]:
    if not isinstance(node.test, ast.Compare):  # those have edits of their own
        yield _instead(text, node.test, b"not (" + _source(text, node.test) + b")")


def _dropped(text: Text, node: ast.stmt) -> Iterator[Edit]:
    """Remove a statement, except assignments of names, where that would show nothing."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name | ast.Tuple):
        return
    yield _instead(text, node, b"pass")


def _scaled(text: Text, node: ast.Return | ast.Assign) -> Iterator[Edit]:
    """Change a result by one per cent, which no tolerance may accept."""
    for value in results_of(node):
        is_zero = isinstance(value, ast.Call) and _name_of_call(value).startswith("zeros")
        if not is_zero and not isinstance(value, ast.Constant | ast.Tuple | ast.List | ast.Dict):
            yield _instead(text, value, b"1.01 * (" + _source(text, value) + b")")


_KINDS: dict[type[ast.AST], tuple[Callable[..., Iterator[Edit]], ...]] = {
    ast.BinOp: (_operator,),
    ast.AugAssign: (_assigning_operator, _dropped),
    ast.Compare: (_comparison,),
    ast.BoolOp: (_and_or,),
    ast.UnaryOp: (_unary,),
    ast.Constant: (_constant,),
    ast.Call: (_call,),
    ast.Attribute: (_transpose,),
    ast.Slice: (_slice,),
    ast.If: (_condition,),
    ast.IfExp: (_condition,),
    ast.While: (_condition,),
    ast.Assign: (_dropped, _scaled),
    ast.Return: (_scaled,),
    ast.Expr: (_dropped,),
    ast.Break: (_dropped,),
    ast.Continue: (_dropped,),
}
