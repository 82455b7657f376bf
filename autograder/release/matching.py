"""Find a piece of code in another one where names, and what stands for a name, may differ.

A name of the pattern may be any expression of the text, the same one wherever the name stands, and
two names are never the same expression. Sums and products may have their parts in any order, and
more parts than the pattern has.
"""

from collections.abc import Iterator

from autograder.release.trees import ANYTHING, ASSIGN, BLOCK, NAME, UNORDERED, Tree

Names = dict[str, str]  # a name of the pattern -> the key of what it stands for
_MOST_PARTS = 8  # longer sums are compared in their order only
_OPEN = frozenset({"+", "*"})


def is_renamed(pattern: Tree, text: Tree) -> bool:
    """Tell whether the text is the pattern with its names, or more, put in other words."""
    return next(_matches(pattern, text, {}), None) is not None


def find_statements(pattern: tuple[Tree, ...], block: Tree) -> tuple[Tree, ...]:
    """Return those statements of a block that are the pattern's, in a row, renamed; or none."""
    for start in range(len(block.children) - len(pattern) + 1):
        part = block.children[start : start + len(pattern)]
        if next(_match_all(pattern, part, {}), None) is not None:
            return part
    return ()


def _matches(pattern: Tree, text: Tree, names: Names) -> Iterator[Names]:
    """Yield each way to read the names in which the pattern is the text."""
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
    # What tells most is looked for first; a mere name would fit anything.
    first = max(range(len(patterns)), key=lambda place: patterns[place].size)
    rest = patterns[:first] + patterns[first + 1 :]
    for place, text in enumerate(texts):
        if patterns[first].label == NAME and text.label in ("neg", "inv"):
            continue  # a - b is no a + b
        for found in _matches(patterns[first], text, names):
            yield from _match_any_order(rest, texts[:place] + texts[place + 1 :], found)
