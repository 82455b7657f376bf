"""Find the libraries that a submission imports but cannot use where it is graded.

The judge finds them in the files handed in, so that it does not rely on what a worker reports, and
so that students learn about them whichever tests are hidden.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from types import MappingProxyType

from autograder.notebook.document import NotebookUnreadable, parse_document, place_of
from autograder.notebook.imported import MOST_CODE, libraries_imported, may_import
from autograder.remote.code_rules import RuleChecker
from autograder.results import ItemRecord

Predicate = Callable[[str], bool]

_MOST = 5
_MOST_NAMES, _LONGEST_NAME = 100, 60


def notes_on_missing_libraries(
    files: Mapping[str, bytes],
    items: Sequence[ItemRecord],
    rules: Mapping[str, RuleChecker] = MappingProxyType({}),
) -> list[str]:
    """Return notes on which libraries are missing or refused, and which items lost points for it.

    Args:
        files: path of each file handed in -> its content.
        items: the records of the items.
        rules: path of each notebook -> what it may use; modules are refused as a whole.
    """
    own = frozenset(part.removesuffix(".py") for path in files for part in path.split("/"))
    missing: dict[str, str] = {}
    refused: dict[str, str] = {}
    left = MOST_CODE
    for path in sorted(files):
        left -= len(files[path]) if path.endswith(".py") else 0
        if left <= 0:
            break
        is_refused = _refused_by(rules[path], own) if path in rules else _nothing
        for name, place in _imports_of(path, files[path], _concerns(own, is_refused)):
            if len(missing) + len(refused) >= _MOST_NAMES:
                break
            if is_refused(name):
                refused.setdefault(name, f"{place} imports {name}, which may not be used there; it")
            else:
                missing.setdefault(name, f"{place} imports {name}, which is not installed where")
    notes = [f"{words} work is graded{_cost(name, items)}" for name, words in missing.items()]
    notes += [f"{words} was skipped." for words in refused.values()]
    more = len(notes) - _MOST
    return notes[:_MOST] + ([f"... and {more} more such libraries."] if more > 0 else [])


def _refused_by(rules: RuleChecker, own: frozenset[str]) -> Predicate:
    return lambda name: not rules.allows_import(name, own)


def _nothing(name: str) -> bool:
    return False


def _concerns(own: Collection[str], is_refused: Predicate) -> Predicate:
    """Return a predicate: whether a note on a library of this name is needed."""

    def concerns(name: str) -> bool:
        if name in own or len(name) > _LONGEST_NAME:
            return False
        return is_refused(name) or not _is_installed(name)

    return concerns


def _imports_of(path: str, content: bytes, concerns: Predicate) -> Iterator[tuple[str, str]]:
    """Yield each library for which `concerns` holds, with the place of its first import."""
    for source, place in _code_of(path, content):
        if may_import(source, concerns):
            for name, line in libraries_imported(source).items():
                if concerns(name):
                    yield name, f"{place}, line {line}"


def _code_of(path: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the code of a file, cell by cell, and its place."""
    if path.endswith(".py"):
        yield content.decode("utf-8", "replace"), path
    elif path.endswith(".ipynb"):
        try:
            cells = parse_document(content, path).cells
        except NotebookUnreadable:
            return
        left = MOST_CODE
        for cell in cells:
            left -= len(cell.source)
            if left < 0:
                return
            yield cell.source, place_of(path, cell.number)


@lru_cache(1_000)
def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # such as one that is only partly installed
        return False


def _cost(name: str, items: Collection[ItemRecord]) -> str:
    """Return the cost in words; only messages that students may read are searched."""
    expected = f"No module named '{name}"
    failed = [item.id for item in items if expected in item.student_message]
    return f"; because of this, these items lost points: {', '.join(failed)}." if failed else "."
