"""Judge: make the record of an item that is answered by files, which a person scores.

The files are looked at before student code runs, and nothing in them is parsed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.assignment import Assignment, Item
from autograder.assignment.patterns import matches
from autograder.assignment.released import original
from autograder.grading.item_records import written_item
from autograder.handing_in.requested import fault_of
from autograder.results import ItemRecord
from autograder.sandbox.opening import read_plain_file

_READ_BYTES = 100_000_000


def file_records(
    assignment: Assignment, wanted: Iterable[str], root: Path, paths: Sequence[str]
) -> dict[str, ItemRecord]:
    """Return the records of the items that are answered by files, by id.

    Args:
        assignment: what is graded.
        wanted: ids of the items that are graded.
        root: the folder of the files handed in; no student code has run yet.
        paths: the files, relative to it.
    """
    return {
        item_id: _record(assignment, item, root, paths)
        for item_id in wanted
        if (item := assignment.item(item_id)).requested is not None
    }


def _record(assignment: Assignment, item: Item, root: Path, paths: Sequence[str]) -> ItemRecord:
    requested = item.requested
    assert requested is not None  # it is answered by files
    found = [path for path in paths if any(matches(path, one) for one in requested.patterns)]
    faults = []
    for path, raw, size in _contents(root, found):
        fault = fault_of(raw, size, requested.accepts, requested.most_bytes)
        if not fault and raw is not None and raw == _released(assignment, path):
            fault = "is still the file that came with the assignment"
        if fault:
            faults.append(f"{path} {fault}.")
    if not found:
        faults.append(f"{' or '.join(requested.patterns)} was not handed in.")
    message = "\n".join(faults)
    return replace(written_item(item), message=message, student_message=message)


def _contents(root: Path, paths: Sequence[str]) -> Iterator[tuple[str, bytes | None, int]]:
    for path in paths:
        yield path, read_plain_file(str(root / path), _READ_BYTES), (root / path).stat().st_size


def _released(assignment: Assignment, path: str) -> bytes | None:
    source = original(assignment, path) if path in assignment.copy else None
    return None if source is None else source.read_bytes()
