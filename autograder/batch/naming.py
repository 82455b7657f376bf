"""Give submissions their names in a results folder; a name never changes.

A name is given once: to what is found under one name in one place, or to what a platform's numbers
identify. The file of gradings records which hand-in has which name. Two hand-ins that would have
the same name get different ones, and a later one never takes the name of an earlier one.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autograder.intake import HandIn
from autograder.results.gradings import HandInRow
from autograder.submission.kinds import ARCHIVES
from autograder.submission.names import distinct_names, file_key, safe_name


@dataclass(frozen=True)
class NamedHandIns:
    """Hand-ins under the names that they keep.

    Attributes:
        hand_ins: in the order in which they were given.
        notes: which of them could not have their own name, one sentence each.
    """

    hand_ins: list[HandIn]
    notes: list[str]


def with_kept_names(
    hand_ins: Sequence[HandIn], rows: Iterable[HandInRow], graded: Iterable[str]
) -> NamedHandIns:
    """Return the hand-ins under the names that they had before, and new ones under new names.

    Args:
        hand_ins: what is graded now.
        rows: everything that was ever graded into the results folder, and where it was found.
        graded: names of everything that was graded there.
    """
    rows = list(rows)
    names: dict[int, str] = {}
    known = {(row.origin, row.place): row.name for row in rows if row.origin}
    for index, one in enumerate(hand_ins):
        if (name := known.get(_identity(one))) is not None:
            names.setdefault(index, name)
    _take_moved(hand_ins, rows, names)
    taken = {*graded, *(row.name for row in rows)}
    without_origin = taken - {row.name for row in rows if row.origin}
    _take_older(hand_ins, without_origin, names)
    new = sorted(
        (index for index in range(len(hand_ins)) if index not in names),
        key=lambda index: _identity(hand_ins[index]),
    )
    given = distinct_names((hand_ins[index].own_name for index in new), taken)
    notes = []
    for index, name in zip(new, given, strict=True):
        names[index] = name
        own_name = safe_name(hand_ins[index].own_name)
        if name != own_name:
            notes.append(f"two hand-ins are called {own_name}; the later one is kept as {name}.")
    named = [
        replace(one, submission=replace(one.submission, name=names[index]))
        for index, one in enumerate(hand_ins)
    ]
    return NamedHandIns(named, notes)


def _identity(one: HandIn) -> tuple[str, str]:
    """Return origin and place as they are stored: in a form that UTF-8 can encode."""
    origin, place = (
        text.encode("utf-8", "backslashreplace").decode() for text in (one.origin, one.place)
    )
    return origin, place


def _take_moved(
    hand_ins: Sequence[HandIn], rows: Sequence[HandInRow], names: dict[int, str]
) -> None:
    """Give hand-ins that have moved their old names, where nothing else can be meant."""
    used = set(names.values())
    gone: dict[str, list[str]] = {}
    for row in rows:
        if os.path.isabs(row.place) and row.name not in used and not _is_there(row):
            gone.setdefault(row.origin, []).append(row.name)
    new: dict[str, list[int]] = {}
    for index, one in enumerate(hand_ins):
        if index not in names and os.path.isabs(one.place):
            new.setdefault(_identity(one)[0], []).append(index)
    for origin, indices in new.items():
        if len(indices) == 1 and len(gone.get(origin, ())) == 1:
            names[indices[0]] = gone[origin][0]


def _is_there(row: HandInRow) -> bool:
    """Return whether something is where a submission was found; an archive with it counts."""
    top = row.origin.split("/")[0]
    archives = (f"{row.place}{ending}" for ending in ARCHIVES)
    return os.path.lexists(os.path.join(row.place, top)) or any(map(os.path.isfile, archives))


def _take_older(hand_ins: Sequence[HandIn], older: set[str], names: dict[int, str]) -> None:
    """Give names that are older than the record of where submissions were found."""
    free = {file_key(name): name for name in older}
    for index, one in enumerate(hand_ins):
        if index not in names:
            name = free.pop(file_key(safe_name(one.own_name)), None)
            if name is not None:
                names[index] = name
