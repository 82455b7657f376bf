"""Identify the members of teams in a Moodle export.

A team's submission has the team's name and number. The number may also be a participant's, so only
Moodle's grading worksheet can distinguish them.
"""

import re
from dataclasses import replace

from autograder.intake.hand_in import HandIn, Intake, Submitter
from autograder.platforms import Roster
from autograder.text import one_line

_TEAM = re.compile(r"(?:group|team|gruppe|groupe|grupo|gruppo|groep|équipe)\b", re.IGNORECASE)


def with_teams(intake: Intake, roster: Roster) -> None:
    """Assign a team's submission to all its members, if the worksheet leaves no doubt.

    Without the worksheet, a submission named like a team has no owner.
    """
    settle = _with_owner if roster.moodle else _without_worksheet
    intake.hand_ins = [
        settle(one, intake, roster) if one.place == "moodle" else one for one in intake.hand_ins
    ]


def _without_worksheet(one: HandIn, intake: Intake, roster: Roster) -> HandIn:
    [student] = one.students
    if not _TEAM.match(student.name):
        return one
    reason = (
        f"{one_line(one.origin)} is named like a team, whose number may be a participant's; "
        "give Moodle's grading worksheet with --roster"
    )
    intake.notes.append(f"{reason}.")
    return replace(one, students=(), unclear=reason)


def _with_owner(one: HandIn, intake: Intake, roster: Roster) -> HandIn:
    [student] = one.students
    row = roster.moodle.get(student.id)
    members = roster.moodle_group(student.name) if student.name else ()
    if row is not None and (not student.name or not row.name or row.name == student.name):
        return replace(one, students=(_student(row.number, roster),))
    if members and row is None:
        return replace(one, students=tuple(_student(member, roster) for member in members))
    shown = one_line(one.origin)
    if row is None:
        reason = f"{shown} has a number that Moodle's worksheet does not contain"
    elif members:
        reason = f"{shown} has the name of a group but the number of a participant"
    else:
        reason = f"{shown} has the number of {one_line(row.name)} but another name"
    intake.notes.append(f"{reason}.")
    return replace(one, students=(), unclear=reason)


def _student(number: str, roster: Roster) -> Submitter:
    row = roster.moodle[number]
    return Submitter(number, one_line(row.name), row.email)
