"""One hand-in of a class: a submission, whose it is, and when it came."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from autograder.submission import Submission


@dataclass(frozen=True)
class Submitter:
    """Somebody of the class, as the platform names them.

    Attributes:
        id: what the platform knows them by; unique in the class.
        name: "" where the platform does not tell.
        email: "" where the platform does not tell.
        why: why nothing of what they handed in can be graded; "" where they handed in nothing.
        place: the platform that has given the id, of who has no hand-in that tells it.
    """

    id: str
    name: str = ""
    email: str = ""
    why: str = field(default="", compare=False)
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class HandIn:
    """Something that one student, or a group, has handed in.

    Attributes:
        submission: what is graded. Its name never changes, whatever else is handed in later.
        students: who handed it in; empty where no metadata says it.
        unclear: why it is not known whose it is; "" where it is known, and where nothing but the
            name of a folder or zip could tell.
        own_name: what it would be called if nothing else were called so.
        origin: what it is known by in its export, or in its place: no two there have the same.
        place: the folder or zip whose entry the origin is; the platform, where it has numbers of
            the platform's, which are the same in every export.
        submitted_at: when, None where nothing tells.
        late: None where nothing tells.
        sequence: of two hand-ins without times the later one has the higher number; None where
            nothing tells.
        fetch: puts it where `submission.path` says, right before it is graded.
        drop: removes what `fetch` has put there.
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
    """What was found.

    Attributes:
        hand_ins: in a fixed order.
        without: students who handed in something that cannot be graded.
        notes: what is not sure, one sentence each, for the instructor.
        later: what is added while hand-ins are fetched, a list for each place.
        closing: lets go of the files that it is read from.
    """

    hand_ins: list[HandIn] = field(default_factory=list)
    without: list[Submitter] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    later: list[list[str]] = field(default_factory=list)
    closing: list[Callable[[], None]] = field(default_factory=list)

    @property
    def all_notes(self) -> list[str]:
        """The notes, with those of what was fetched."""
        return [*self.notes, *(note for notes in self.later for note in notes)]

    def notes_for_later(self) -> list[str]:
        """Return a new list for notes that come while hand-ins are fetched."""
        self.later.append([])
        return self.later[-1]

    def close(self) -> None:
        """Let go of the files; nothing can be fetched any more."""
        for close in self.closing:
            close()
