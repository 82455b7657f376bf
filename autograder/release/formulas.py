"""Combine formulas so that brackets, signs and the order of divisions make no difference.

A difference becomes a sum with a negative part, a quotient becomes a product with an inverse, and
the sign of a product precedes it: `a - b / -c` is the sum of a and b times the inverse of c.
"""

import ast
from collections.abc import Iterable

from autograder.release.trees import Tree, make_tree

_CHAINS = frozenset({"+", "@", "&", "|", "^"})


def combine(operator: str, left: Tree, right: Tree, node: ast.AST) -> Tree:
    """Return two parts joined by an operator of Python."""
    if operator == "-":
        return _chain("+", [left, negate(right, node)], node)
    if operator == "/":
        return _multiply([left, make_tree("inv", [right])], node)
    if operator == "*":
        return _multiply([left, right], node)
    if operator == "@":
        factors, is_negative = _without_signs([left, right])
        made = _chain("@", factors, node)
        return negate(made, node) if is_negative else made
    if operator == "pow" and right.label == "constant 0.5":
        return make_tree("call sqrt", [left], node)
    return _chain(operator, [left, right], node)


def negate(tree: Tree, node: ast.AST) -> Tree:
    """Return the negative of a formula."""
    if tree.label == "neg":
        return tree.children[0]
    if tree.label == "+":
        return make_tree("+", [negate(part, node) for part in tree.children], node)
    return make_tree("neg", [tree], node)


def _multiply(factors: list[Tree], node: ast.AST) -> Tree:
    plain, is_negative = _without_signs(factors)
    flat: list[Tree] = []
    for factor in plain:
        inner = factor.children[0] if factor.label == "inv" else factor
        parts = inner.children if inner.label == "*" else (inner,)
        flat += [_invert(part) for part in parts] if factor.label == "inv" else parts
    made = make_tree("*", flat, node)
    return negate(made, node) if is_negative else made


def _chain(label: str, parts: list[Tree], node: ast.AST) -> Tree:
    """Return parts joined by an operator; for some operators, brackets do not matter."""
    if label not in _CHAINS:
        return make_tree(label, parts, node)
    flat = [one for part in parts for one in (part.children if part.label == label else [part])]
    return make_tree(label, flat, node)


def _invert(tree: Tree) -> Tree:
    return tree.children[0] if tree.label == "inv" else make_tree("inv", [tree])


def _without_signs(factors: Iterable[Tree]) -> tuple[list[Tree], bool]:
    """Return factors without their signs, and whether the signs make the product negative."""
    plain, is_negative = [], False
    for factor in factors:
        inner = factor.children[0] if factor.label == "inv" else factor
        bare = inner
        if inner.label == "neg":
            is_negative, bare = not is_negative, inner.children[0]
        plain.append(make_tree("inv", [bare]) if factor.label == "inv" else bare)
    return plain, is_negative
