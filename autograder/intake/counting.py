"""Decide which submission counts for each student: the latest; earlier ones are kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.intake.hand_in import HandIn, Intake, Submitter

_NUMBERING = ("canvas", "moodle")  # these platforms assign the numbers; students cannot choose them


@dataclass
class Counted:
    """The submission that counts for one student.

    Attributes:
        student: the student.
        hand_in: the submission that counts; None if nothing gradable was submitted.
        group: ids of all who submitted it together, if several.
        superseded: names of the earlier submissions, latest first.
    """

    student: Submitter
    hand_in: HandIn | None
    group: list[str] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)


def count(intake: Intake) -> tuple[list[Counted], list[str]]:
    """Return the submission that counts for each student, sorted by name, and notes on doubts.

    A submission without a known owner does not count for any student here. Students type their own
    number on Gradescope, so one number with two addresses means two students, who get the address
    as id. The same applies to a student who typed a number that Canvas or Moodle assigned to
    another one.
    """
    shared = _shared_ids(intake)
    by_student: dict[str, list[HandIn]] = {}
    people: dict[str, Submitter] = {}
    for student in intake.without:
        people[student.id] = student
    for one in _told_apart(intake.hand_ins, shared):
        for student in one.students:
            people[student.id] = student
            by_student.setdefault(student.id, []).append(one)
    notes = [_about_shared(number, emails) for number, emails in shared.items()]
    counted = [
        _count_for(student, by_student.get(student.id, []), notes) for student in people.values()
    ]
    return sorted(counted, key=lambda one: (one.student.name.casefold(), one.student.id)), notes


def _shared_ids(intake: Intake) -> dict[str, set[str]]:
    """Return the ids shared by people with different addresses, and the addresses.

    The address of a student identified by a platform's own number is unknown, written as "".
    """
    emails: dict[str, set[str]] = {}
    for one in intake.hand_ins:
        for student in one.students:
            if student.email or (one.place in _NUMBERING and not one.unclear):
                emails.setdefault(student.id, set()).add(student.email.casefold())
    return {number: found for number, found in emails.items() if len(found) > 1}


def _about_shared(number: str, emails: set[str]) -> str:
    people = " and ".join(sorted(emails - {""}))
    if "" in emails:
        return (
            f"{people} typed the number {number}, which Canvas or Moodle assigned to another "
            "student; the address is used as id."
        )
    return f"{people} have the same number {number}; their addresses are used as ids."


def _told_apart(hand_ins: Iterable[HandIn], shared: Mapping[str, set[str]]) -> Iterator[HandIn]:
    for one in hand_ins:
        students = tuple(
            replace(who, id=who.email) if who.email and who.id in shared else who
            for who in one.students
        )
        yield replace(one, students=students) if students != one.students else one


def _count_for(student: Submitter, hand_ins: Sequence[HandIn], notes: list[str]) -> Counted:
    if not hand_ins:
        return Counted(student, None)
    ordered = sorted(hand_ins, key=_order)
    latest, *others = reversed(ordered)
    if not all(_is_later(latest, other) for other in others):
        notes.append(
            f"{student.name or student.id} submitted {_listed(ordered)}, and it is not known "
            f"which is later; {latest.submission.name} counts."
        )
    group = [member.id for member in latest.students] if len(latest.students) > 1 else []
    return Counted(student, latest, group, [other.submission.name for other in others])


def _order(one: HandIn) -> tuple[float, int, str]:
    moment = one.submitted_at.timestamp() if one.submitted_at is not None else 0.0
    return (moment, -1 if one.sequence is None else one.sequence, one.submission.name)


def _is_later(one: HandIn, other: HandIn) -> bool:
    """Return whether one submission is known to be later than the other."""
    if one.submitted_at is not None and other.submitted_at is not None:
        if one.submitted_at != other.submitted_at:
            return one.submitted_at > other.submitted_at
    if one.sequence is None or other.sequence is None:
        return False
    return one.sequence > other.sequence


def _listed(hand_ins: Iterable[HandIn]) -> str:
    return " and ".join(one.submission.name for one in hand_ins)
