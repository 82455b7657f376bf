"""Find a piece of code inside another one, where names and what replaces a name may differ.

A name of the pattern may match any expression of the text, but the same one wherever the name
occurs, and two names never match the same expression. The parts of sums and products may be in any
order, and the text may have more of them than the pattern.
"""

from collections.abc import Iterator

from autograder.release.trees import ANYTHING, ASSIGN, BLOCK, NAME, UNORDERED, Tree

Names = dict[str, str]  # a name of the pattern -> the key of the tree that it matches
_MOST_PARTS = 8  # the parts of longer sums are compared only in their given order
_OPEN = frozenset({"+", "*"})


def is_renamed(pattern: Tree, text: Tree) -> bool:
    """Tell whether the text is the pattern with other names, and possibly with more parts."""
    return next(_matches(pattern, text, {}), None) is not None


def find_statements(pattern: tuple[Tree, ...], block: Tree) -> tuple[Tree, ...]:
    """Return the consecutive statements of a block that are the pattern's, renamed; or none."""
    for start in range(len(block.children) - len(pattern) + 1):
        part = block.children[start : start + len(pattern)]
        if next(_match_all(pattern, part, {}), None) is not None:
            return part
    return ()


def _matches(pattern: Tree, text: Tree, names: Names) -> Iterator[Names]:
    """Yield each way to choose the names with which the pattern equals the text."""
    if pattern.label == NAME:
        yield from _bind(pattern, text, names)
    elif ANYTHING in (pattern.label, text.label):
        yield names
    elif pattern.label != text.label or pattern.size > text.size:
        return
    elif pattern.label in UNORDERED and len(text.children) <= _MOST_PARTS:
        spare = len(text.children) - len(pattern.children)
        if spare == 0 or (spare > 0 and pattern.label in _OPEN):
            yield from _match_any_order(pattern.children, text.children, names)
    elif len(pattern.children) == len(text.children):
        yield from _match_all(pattern.children, text.children, names)


def _bind(pattern: Tree, text: Tree, names: Names) -> Iterator[Names]:
    if text.label in (ASSIGN, BLOCK):
        return
    known = names.get(pattern.key)
    if known == text.key:
        yield names
    elif known is None and text.key not in names.values():
        yield {**names, pattern.key: text.key}


def _match_all(
    patterns: tuple[Tree, ...], texts: tuple[Tree, ...], names: Names
) -> Iterator[Names]:
    if not patterns:
        yield names
        return
    for found in _matches(patterns[0], texts[0], names):
        yield from _match_all(patterns[1:], texts[1:], found)


def _match_any_order(
    patterns: tuple[Tree, ...], texts: tuple[Tree, ...], names: Names
) -> Iterator[Names]:
    if not patterns:
        yield names
        return
    # The largest part is matched first, because a name alone would match anything.
    first = max(range(len(patterns)), key=lambda place: patterns[place].size)
    rest = patterns[:first] + patterns[first + 1 :]
    for place, text in enumerate(texts):
        if patterns[first].label == NAME and text.label in ("neg", "inv"):
            continue  # a - b is not a + b
        for found in _matches(patterns[first], text, names):
            yield from _match_any_order(rest, texts[:place] + texts[place + 1 :], found)
