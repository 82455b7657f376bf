"""Find what a person has to look at before grades are final."""

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.results.record import SubmissionRecord


@dataclass(frozen=True)
class Concern:
    """Something in some submissions that a person has to look at.

    Attributes:
        urgent: whether a score there is not final.
        why: what it is.
        where: the submissions, and the items concerned in each, by their ids.
    """

    urgent: bool
    why: str
    where: tuple[tuple[str, tuple[str, ...]], ...]


_BY_STATUS = {
    "grader_error": (True, "the grader failed: correct the rubric or the machine and grade again"),
    "timeout": (False, "ran out of time: an endless loop, or a machine under load?"),
    "crashed": (False, "its process crashed or was stopped"),
}


def concerns(records: Iterable[SubmissionRecord]) -> list[Concern]:
    """Return what a person has to look at, urgent concerns first."""
    found: dict[tuple[bool, str], list[tuple[str, tuple[str, ...]]]] = {}
    for record in records:
        for urgent, why, items in _of(record):
            found.setdefault((not urgent, why), []).append((record.name, items))
    return [
        Concern(not later, why, tuple(sorted(where)))
        for (later, why), where in sorted(found.items())
    ]


def _of(record: SubmissionRecord) -> Iterable[tuple[bool, str, tuple[str, ...]]]:
    auto = [item for item in record.items if item.status != "awaiting_manual"]
    if not record.sha256:
        yield True, "nothing could be collected from it", ()
        return
    for status, (urgent, why) in _BY_STATUS.items():
        items = tuple(item.id for item in auto if item.status == status)
        if items:
            yield urgent, why, items
    if auto and all(item.status == "not_attempted" for item in auto):
        yield False, "nothing is attempted: the wrong file?", ()
    if record.isolation["layers"].get("policy", "").startswith("waived"):
        yield True, "graded with --insecure: its code was not confined", ()


def waiting_for_a_person(
    records: Iterable[SubmissionRecord], graded: Iterable[tuple[str, str]]
) -> dict[str, int]:
    """Return how many submissions wait for a person, by the written item's id.

    Args:
        records: the records of the class.
        graded: pairs (submission, item) that a person has graded already.
    """
    done = set(graded)
    waiting: dict[str, int] = {}
    for record in records:
        for item in record.items:
            if item.status == "awaiting_manual":
                waiting.setdefault(item.id, 0)
                waiting[item.id] += (record.name, item.id) not in done
    return waiting
