"""Cut the regions of solutions into fragments: expressions and statements that reveal the method.

A fragment that is too small reveals nothing: `len(x) - 1` occurs in every program. How much a
fragment reveals is its size (`trees`): operators and constants count 1, functions 2, names 0.
"""

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from autograder.release.blocks import blocks_of
from autograder.release.normal_form import normal_form
from autograder.release.regions import AnnotatedSource
from autograder.release.trees import ASSIGN, BLOCK, NAME, Tree, is_expression, make_tree

# Measured on a whole assignment, see docs/decisions.md: nearly all findings of size 5 or more are
# formulas that were asked for; those that size 4 adds are mostly idioms, and size 6 loses half.
LEAST = 5
_MOST_PARTS = 5  # of a sum or product whose parts are taken as formulas of their own


@dataclass(frozen=True)
class Fragment:
    """A piece of a solution that reveals how it is done.

    Attributes:
        trees: one expression, or statements in a row.
        text: the fragment as it is written.
        file: its file's name in messages.
        line: the line of that file where it begins.
    """

    trees: tuple[Tree, ...]
    text: str
    file: str
    line: int

    @cached_property
    def size(self) -> int:
        """How much the fragment reveals."""
        return sum(tree.size for tree in self.trees)

    @property
    def expression(self) -> Tree | None:
        """The expression, if the fragment is one."""
        first = self.trees[0]
        return first if len(self.trees) == 1 and is_expression(first) else None


def fragments_of(sources: Iterable[AnnotatedSource]) -> list[Fragment]:
    """Return the fragments of all regions of the sources, each once, the largest first."""
    found: dict[str, Fragment] = {}
    for source in sources:
        module = ast.parse(source.text)
        blocks = blocks_of(module)
        for region in source.regions:
            statements = blocks[region.block].statements[region.first : region.stop]
            block = normal_form(statements, module)
            for trees, node in [*_expressions(block), *_statements(block)]:
                text = "; ".join(line.strip() for line in ast.unparse(node).split("\n"))
                fragment = Fragment(trees, text, source.file, trees[0].line)
                found.setdefault(_shape(trees), fragment)
    return sorted(found.values(), key=lambda fragment: -fragment.size)


def _expressions(block: Tree) -> Iterator[tuple[tuple[Tree, ...], ast.AST]]:
    """Yield the expressions that reveal something, and parts of them that do."""
    for tree in block.walk():
        if tree.node is None or tree.size < LEAST or not is_expression(tree):
            continue
        if not any(part.label == NAME for part in tree.walk()):
            continue  # 3 * 28 * 28 is a number
        yield (tree,), tree.node
        parts = tree.children
        if tree.label in ("+", "*") and 2 < len(parts) <= _MOST_PARTS:
            for count in range(2, len(parts)):
                for chosen in itertools.combinations(parts, count):
                    part = make_tree(tree.label, chosen)
                    if part.size >= LEAST:
                        yield (part,), tree.node


def _statements(block: Tree) -> Iterator[tuple[tuple[Tree, ...], ast.AST]]:
    """Yield, from each statement on, the shortest run of statements that reveals something."""
    for inner in block.walk():
        if inner.label != BLOCK:
            continue
        for first in range(len(inner.children)):
            size = 0
            for last in range(first, len(inner.children)):
                size += inner.children[last].size
                if size >= LEAST:
                    row = inner.children[first : last + 1]
                    if len(row) > 1 or not (is_expression(row[0]) or row[0].label == ASSIGN):
                        yield row, ast.Module([_statement(tree) for tree in row], [])
                    break


def _statement(tree: Tree) -> ast.stmt:
    node = tree.node
    return node if isinstance(node, ast.stmt) else ast.Expr(node)  # type: ignore[arg-type]


def _shape(trees: Iterable[Tree]) -> str:
    """Return the same text for trees that differ only in names."""
    numbers: dict[str, int] = {}
    return re.sub(
        r"name ([\w.]+)",
        lambda name: f"name {numbers.setdefault(name[1], len(numbers))}",
        ";".join(tree.key for tree in trees),
    )
