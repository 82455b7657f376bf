"""Which submission counts for which student: the later one; the earlier ones are kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.intake.hand_in import HandIn, Intake, Submitter

_NUMBERING = ("canvas", "moodle")  # their numbers are their own, and students cannot type them


@dataclass
class Counted:
    """What counts for one student.

    Attributes:
        student: who.
        hand_in: what counts; None where nothing was handed in that can be graded.
        group: ids of everybody who handed it in, if they are several.
        superseded: names of the earlier submissions, the latest of them first.
    """

    student: Submitter
    hand_in: HandIn | None
    group: list[str] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)


def count(intake: Intake) -> tuple[list[Counted], list[str]]:
    """Return what counts for each student, sorted by name, and what is not sure about it.

    A hand-in that nobody is known to own counts for nobody here. Students type their own number on
    Gradescope, so two with one number and different addresses are two: they get the address as id.
    So does who has typed a number that Canvas or Moodle have given to somebody.
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
    """Return the ids that people with different addresses have, and the addresses.

    The address of somebody whom a platform has told by its own number is not known, and is "".
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
            f"{people} typed the number {number}, which Canvas or Moodle gave to somebody; the "
            "address is the id."
        )
    return f"{people} have the same number {number}; each has the address as id."


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
            f"{student.name or student.id} has handed in {_listed(ordered)}, and nothing tells "
            f"which came later; {latest.submission.name} counts."
        )
    group = [member.id for member in latest.students] if len(latest.students) > 1 else []
    return Counted(student, latest, group, [other.submission.name for other in others])


def _order(one: HandIn) -> tuple[float, int, str]:
    moment = one.submitted_at.timestamp() if one.submitted_at is not None else 0.0
    return (moment, -1 if one.sequence is None else one.sequence, one.submission.name)


def _is_later(one: HandIn, other: HandIn) -> bool:
    """Whether something tells that the one came after the other."""
    if one.submitted_at is not None and other.submitted_at is not None:
        if one.submitted_at != other.submitted_at:
            return one.submitted_at > other.submitted_at
    if one.sequence is None or other.sequence is None:
        return False
    return one.sequence > other.sequence


def _listed(hand_ins: Iterable[HandIn]) -> str:
    return " and ".join(one.submission.name for one in hand_ins)
