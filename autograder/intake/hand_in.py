"""Describe one submission of a class: its files, its owners and its time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from autograder.submission import Submission


@dataclass(frozen=True)
class Submitter:
    """A student of the class, as the platform names them.

    Attributes:
        id: the platform's id; unique in the class.
        name: "" if the platform does not give it.
        email: "" if the platform does not give it.
        why: why nothing that they submitted can be graded; "" if they submitted nothing.
        place: the platform that assigned the id, for students without a submission.
    """

    id: str
    name: str = ""
    email: str = ""
    why: str = field(default="", compare=False)
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class HandIn:
    """A submission of one student or a group.

    Attributes:
        submission: the files to grade. Its name never changes, even if more is submitted later.
        students: who submitted it; empty if no metadata says so.
        unclear: why its owner is not known; "" if it is known, or if only the name of a folder or
            zip could tell.
        own_name: its name before names are made distinct.
        origin: its identifier in its export or place; unique there.
        place: the folder or zip that contains the origin; or the platform, if the origin has the
            platform's numbers, which are the same in every export.
        submitted_at: the time, or None if unknown.
        late: None if unknown.
        sequence: of two submissions without times, the later one has the higher number; None if
            unknown.
        fetch: creates the files at `submission.path`, right before they are graded.
        drop: removes what `fetch` created.
    """

    submission: Submission
    students: tuple[Submitter, ...] = ()
    submitted_at: datetime | None = None
    late: bool | None = None
    sequence: int | None = None
    fetch: Callable[[], None] = lambda: None
    drop: Callable[[], None] = lambda: None
    unclear: str = ""
    own_name: str = ""
    origin: str = ""
    place: str = ""


@dataclass
class Intake:
    """The submissions found.

    Attributes:
        hand_ins: in a fixed order.
        without: students whose submissions cannot be graded.
        notes: doubts, one sentence each, for the instructor.
        later: notes added while submissions are fetched, a list for each place.
        closing: closes the files that submissions are read from.
    """

    hand_ins: list[HandIn] = field(default_factory=list)
    without: list[Submitter] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    later: list[list[str]] = field(default_factory=list)
    closing: list[Callable[[], None]] = field(default_factory=list)

    @property
    def all_notes(self) -> list[str]:
        """Return all notes, including those added while fetching."""
        return [*self.notes, *(note for notes in self.later for note in notes)]

    def notes_for_later(self) -> list[str]:
        """Return a new list for notes that are added while submissions are fetched."""
        self.later.append([])
        return self.later[-1]

    def close(self) -> None:
        """Close the files; nothing can be fetched afterwards."""
        for close in self.closing:
            close()
