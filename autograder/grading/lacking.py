"""Libraries that a submission imports and that are not installed where it is graded.

They are found in the files handed in, here in the judge, so that nothing a worker says is believed
of them, and students learn of them whatever tests are hidden.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.util import find_spec

from autograder.notebook.document import NotebookUnreadable, parse_document, place_of
from autograder.notebook.imported import libraries_imported
from autograder.results import ItemRecord

_MOST = 5


def notes_of_lacking(files: Mapping[str, bytes], items: Sequence[ItemRecord]) -> list[str]:
    """Say which libraries are lacking, and which items that has cost.

    Args:
        files: path of each file handed in -> its content.
        items: what has come of the items.
    """
    own = {part.removesuffix(".py") for path in files for part in path.split("/")}
    places: dict[str, str] = {}
    for path in sorted(files):
        for name, place in _imports_of(path, files[path]):
            if name not in own and not _is_installed(name):
                places.setdefault(name, place)
    notes = [
        f"{place} imports {name}, which is not installed where work is graded{_cost(name, items)}"
        for name, place in places.items()
    ]
    more = len(notes) - _MOST
    return notes[:_MOST] + ([f"... and {more} more such libraries."] if more > 0 else [])


def _imports_of(path: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Each library with the place of its first import."""
    if path.endswith(".ipynb"):
        try:
            cells = parse_document(content, path).cells
        except NotebookUnreadable:
            return
        for cell in cells:
            for name, line in libraries_imported(cell.source).items():
                yield name, f"{place_of(path, cell.number)}, line {line}"
    elif path.endswith(".py"):
        for name, line in libraries_imported(content.decode("utf-8", "replace")).items():
            yield name, f"{path}, line {line}"


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # such as one that is only half there
        return False


def _cost(name: str, items: Collection[ItemRecord]) -> str:
    """What a student may know of it: hidden words are none of theirs."""
    told = f"No module named '{name}"
    failed = [item.id for item in items if told in item.student_message]
    return f"; for want of it these items lost points: {', '.join(failed)}." if failed else "."
