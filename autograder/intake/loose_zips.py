"""Handle a student's folder that contains only archives: these are the submissions."""

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
    """A submission in an entry of an export.

    Attributes:
        top_entry: the entry.
        path: the entry's path, or that of a zip in it.
        ending: distinguishes it from others in the same entry; "" if it is the only one.
        sequence: of several, the later one has the higher number; None if unknown.
    """

    top_entry: ExportEntry
    path: Path
    ending: str = ""
    sequence: int | None = None

    @property
    def origin(self) -> str:
        """Its identifier: the name of the entry, and of the zip if there are several."""
        if not self.ending:
            return self.top_entry.name
        return f"{self.top_entry.name}/{self.path.relative_to(self.top_entry.path).as_posix()}"

    def hand_in(self) -> HandIn:
        """Return it as a submission, still without owner and name."""
        return HandIn(
            Submission("", self.path, self.top_entry.place),
            sequence=self.sequence,
            fetch=self.top_entry.fetch,
            drop=self.top_entry.drop,
        )


def inner_zips(top_entry: ExportEntry) -> list[Found]:
    """Return the submissions in an entry of an export.

    Nearly always this is the entry itself, or the only zip in it. Of several zips that a system
    numbered because they have the same name, the one with the higher number is later.
    """
    zips = [parts for parts in top_entry.files if is_archive(parts[-1])]
    has_code = any(is_loose(parts[-1]) for parts in top_entry.files)
    if not zips or has_code:
        return [Found(top_entry, top_entry.path)]
    if len(zips) == 1:
        return [Found(top_entry, top_entry.path.joinpath(*zips[0]))]
    stems = {parts: stem_of(parts[-1]) for parts in zips}
    same = len({version_of(stem)[0].casefold() for stem in stems.values()}) == 1
    return [
        Found(
            top_entry,
            top_entry.path.joinpath(*parts),
            f" {stem}",
            version_of(stem)[1] if same else None,
        )
        for parts, stem in stems.items()
    ]


def words_about_inner(top_entry: ExportEntry, whose: str) -> list[str]:
    """Return notes on archives that cannot be opened, if a folder has nothing else to grade."""
    names = [parts[-1] for parts in top_entry.files]
    if any(is_archive(name) or is_loose(name) for name in names):
        return []
    return [
        about_closed(name, kind, whose) for name in names if (kind := closed_archive(name))
    ]  # fmt: skip


def version_of(stem: str) -> tuple[str, int]:
    """Return a file's stem without its version number, and that number; 0 for the first."""
    found = _VERSION.search(stem)
    if found is None:
        return original_name(f"{stem}.zip")[: -len(".zip")], 0
    return stem[: found.start()], int(found[1])
