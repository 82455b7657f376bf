"""Represent programs as trees in which equal formulas are equal, and measure what they reveal."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# The order of their children does not matter.
UNORDERED = frozenset({"+", "*", "&", "|", "^", "==", "!=", "and", "or"})
NAME, ANYTHING, ASSIGN, BLOCK = "name", "anything", "=", "block"
# A function's name reveals more than an operator; what every program contains reveals nothing.
_CALL_WEIGHT = 2
_WEIGHTLESS = frozenset({
    NAME, ANYTHING, ASSIGN, BLOCK, "seq", "inv", "none", "arguments", "lambda", "starred",
    "comprehension 0", "call range", "call len", "call zip", "call enumerate", "call float",
    "call int", "call list", "call tuple", "call bool", "call str", "call print", "call array",
})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A part of a program in normal form.

    Attributes:
        label: what it is, such as "+", "call clip" or NAME.
        children: its parts.
        key: equal for trees that are equal, names included.
        size: how much it reveals: operators and constants count 1, functions 2, names 0.
        line: the line where it begins.
        node: what it was made from, if that is one node of the syntax tree.
    """

    label: str
    children: tuple["Tree", ...]
    key: str
    size: int
    line: int
    node: ast.AST | None = field(repr=False, default=None)

    def walk(self) -> Iterator["Tree"]:
        """Yield the tree and all trees inside it, the outer ones first."""
        waiting = [self]
        while waiting:
            tree = waiting.pop()
            yield tree
            waiting += reversed(tree.children)


def make_tree(label: str, children: Iterable[Tree] = (), node: ast.AST | None = None) -> Tree:
    """Make a tree of parts; `node` is what they were made from."""
    parts = tuple(children)
    line = getattr(node, "lineno", 0) or (parts[0].line if parts else 0)
    if label in UNORDERED and len(parts) > 1:
        parts = tuple(sorted(parts, key=lambda part: part.key))
    size = sum(part.size for part in parts) if label != "slice" else 0
    if label in ("+", "*", "@"):
        size += len(parts) - 1
    elif label not in _WEIGHTLESS and not label.startswith(("keyword ", "slice", "routine ")):
        size += _CALL_WEIGHT if label.startswith("call ") else 1
    key = f"{label}({','.join(part.key for part in parts)})" if parts else label
    return Tree(label, parts, key, size, line, node)


def make_name(name: str, node: ast.expr | ast.arg) -> Tree:
    """Return the tree of a name."""
    return Tree(NAME, (), f"name {name}", 0, node.lineno, node)


def is_expression(tree: Tree) -> bool:
    """Tell whether a tree is a value rather than a statement."""
    return tree.label not in (ASSIGN, BLOCK) and (
        not isinstance(tree.node, ast.stmt) or isinstance(tree.node, ast.AugAssign)
    )
