"""Give plain folders and zips their owners by `roster.csv`: students, and whole pairs."""

from collections.abc import Sequence
from dataclasses import replace

from autograder.intake.hand_in import HandIn, Intake, Submitter
from autograder.platforms import ClassList, ListedStudent
from autograder.text import one_line


def name_owners(intake: Intake, listed: ClassList) -> None:
    """Name the owners of all hand-ins that no platform's metadata names.

    What one member of a group hands in belongs to all of them. If several members hand in
    separately, each of these belongs to those whom its name means, and a note reports it.

    Args:
        intake: what was found; it is changed.
        listed: the class; an empty one changes nothing.
    """
    if not listed.students:
        return
    open_ones = [one for one in intake.hand_ins if not (one.students or one.unclear)]
    meant = {id(one): listed.named(one.own_name) for one in open_ones}
    by_group: dict[str, list[HandIn]] = {}
    for one in open_ones:
        for group in {student.group for student in meant[id(one)]} - {""}:
            by_group.setdefault(group, []).append(one)
    intake.hand_ins = [
        _owned(one, meant[id(one)], listed, by_group) if id(one) in meant else one
        for one in intake.hand_ins
    ]
    intake.notes += [
        _about_separate(group, hand_ins) for group, hand_ins in by_group.items() if hand_ins[1:]
    ]
    handed_in = {who.id for one in intake.hand_ins for who in one.students}
    handed_in |= {who.id for who in intake.without}
    intake.without += [_submitter(one) for one in listed.students if one.id not in handed_in]


def _owned(
    one: HandIn,
    meant: Sequence[ListedStudent],
    listed: ClassList,
    by_group: dict[str, list[HandIn]],
) -> HandIn:
    if not meant:
        name = one_line(one.own_name)
        return replace(one, unclear=f"the roster has no student and no group '{name}'")
    is_only = len(by_group.get(meant[0].group, ())) < 2
    owners = listed.members(meant[0]) if is_only else meant
    return replace(one, students=tuple(map(_submitter, owners)))


def _submitter(student: ListedStudent) -> Submitter:
    return Submitter(student.id, student.name, student.email)


def _about_separate(group: str, hand_ins: Sequence[HandIn]) -> str:
    names = ", ".join(one_line(one.own_name) for one in hand_ins)
    return (
        f"members of the group {one_line(group)} have handed in separately: {names}; each counts "
        "for those in its name only. To count one for all, leave the others out."
    )
