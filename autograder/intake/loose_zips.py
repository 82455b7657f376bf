"""A folder of one student that holds nothing but archives: these are what was handed in."""

import re
from dataclasses import dataclass
from pathlib import Path

from autograder.intake.export import ExportEntry
from autograder.intake.gather import about_closed
from autograder.intake.hand_in import HandIn
from autograder.submission import Submission
from autograder.submission.kinds import closed_archive, is_archive, is_loose, stem_of
from autograder.submission.loose import original_name

_VERSION = re.compile(r"(?:-|_|\s?\()(\d{1,3})\)?$", re.ASCII)


@dataclass(frozen=True)
class Found:
    """What is to be graded of a slot.

    Attributes:
        slot: where it lies.
        path: the slot's path, or that of a zip in it.
        ending: what tells it from the others in its slot; "" where there are none.
        sequence: of several the later one has the higher number; None where nothing tells.
    """

    slot: ExportEntry
    path: Path
    ending: str = ""
    sequence: int | None = None

    @property
    def origin(self) -> str:
        """What it is known by: the names of the slot, and of the zip where there are several."""
        if not self.ending:
            return self.slot.name
        return f"{self.slot.name}/{self.path.relative_to(self.slot.path).as_posix()}"

    def hand_in(self) -> HandIn:
        """Return it as a hand-in whose owner is not known, and which has no name yet."""
        return HandIn(
            Submission("", self.path, self.slot.place),
            sequence=self.sequence,
            fetch=self.slot.fetch,
            drop=self.slot.drop,
        )


def inner_zips(slot: ExportEntry) -> list[Found]:
    """Return what is to be graded of a slot.

    Nearly always this is the slot itself, or the one zip in it. Of several zips with numbers that
    a system gave to a second one of the same name, the higher one is the later.
    """
    zips = [parts for parts in slot.files if is_archive(parts[-1])]
    has_code = any(is_loose(parts[-1]) for parts in slot.files)
    if not zips or has_code:
        return [Found(slot, slot.path)]
    if len(zips) == 1:
        return [Found(slot, slot.path.joinpath(*zips[0]))]
    stems = {parts: stem_of(parts[-1]) for parts in zips}
    same = len({version_of(stem)[0].casefold() for stem in stems.values()}) == 1
    return [
        Found(slot, slot.path.joinpath(*parts), f" {stem}", version_of(stem)[1] if same else None)
        for parts, stem in stems.items()
    ]


def words_about_inner(slot: ExportEntry, whose: str) -> list[str]:
    """Tell which archives in a folder cannot be opened, if nothing else can be graded there."""
    names = [parts[-1] for parts in slot.files]
    if any(is_archive(name) or is_loose(name) for name in names):
        return []
    return [
        about_closed(name, kind, whose) for name in names if (kind := closed_archive(name))
    ]  # fmt: skip


def version_of(stem: str) -> tuple[str, int]:
    """Return a file's stem without the number of its version, and that number; 0 for the first."""
    found = _VERSION.search(stem)
    if found is None:
        return original_name(f"{stem}.zip")[: -len(".zip")], 0
    return stem[: found.start()], int(found[1])
