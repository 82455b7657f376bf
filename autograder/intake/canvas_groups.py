"""Identify the members of groups in a Canvas export.

A group's submission has the group's name and the number of the member who submitted it.
"""

import re
from dataclasses import replace

from autograder.intake.hand_in import HandIn, Intake, Submitter
from autograder.platforms import Roster, squashed
from autograder.text import one_line

_GROUP = re.compile(r"group|team|gruppe|groupe|grupo|gruppo|groep")


def with_groups(intake: Intake, roster: Roster) -> None:
    """Assign a group's submission to all its members, and add students without a submission.

    A group is identified by its name together with the number of a member. If a name is neither the
    student's nor a group's, a note asks for the owner.
    """
    if not (roster.canvas or roster.canvas_groups):
        _ask_about_groups(intake)
    asked = set()
    for place, one in enumerate(intake.hand_ins):
        if one.place != "canvas" or len(one.students) != 1:
            continue
        [student] = one.students
        members = roster.canvas_groups.get(student.name, ()) if student.name else ()
        if student.id in members:
            everybody = tuple(_student(member, roster) for member in members)
            intake.hand_ins[place] = replace(one, students=everybody)
        elif student.id in roster.canvas:
            if _has_another_name(one, roster) and student.id not in asked:
                asked.add(student.id)
                whose = one_line(roster.canvas[student.id].name)
                intake.notes.append(
                    f"{one_line(one.origin)} has the number of {whose}, but another name; if a "
                    "group submitted it, give Canvas' export of groups with --roster."
                )
            intake.hand_ins[place] = replace(one, students=(_student(student.id, roster),))
    if any(one.place == "canvas" and one.students for one in intake.hand_ins):
        there = {who.id for one in intake.hand_ins for who in one.students}
        there |= {who.id for who in intake.without}
        intake.without += [
            Submitter(number, one_line(row.name), place="canvas")
            for number, row in roster.canvas.items()
            if number not in there
        ]


def _ask_about_groups(intake: Intake) -> None:
    """Ask for the group export if names look like those of groups."""
    alike = [
        one for one in intake.hand_ins
        if one.place == "canvas" and any(_GROUP.search(who.name) for who in one.students)
    ]  # fmt: skip
    if alike:
        more = f" and {len(alike) - 3} more" if len(alike) > 3 else ""
        names = ", ".join(one_line(one.origin) for one in alike[:3])
        intake.notes.append(
            f"{names}{more}: if groups submitted these, give Canvas' export of groups with "
            "--roster; until then they count for the member whose number they have."
        )


def _has_another_name(one: HandIn, roster: Roster) -> bool:
    [student] = one.students
    return bool(student.name) and student.name != squashed(roster.canvas[student.id].name)


def _student(number: str, roster: Roster) -> Submitter:
    row = roster.canvas.get(number)
    return Submitter(number, one_line(row.name) if row is not None else "")
