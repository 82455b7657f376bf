"""Choose, among the entries of a submission, the files of the package folders asked for.

locate      where the package folders lie: at the top, or one or more folders deeper
gather      the files below them, by the path they are collected under
settle      one file for each path: duplicates, names equal but for case, files that are folders
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.submission.entries import Entry, Limits, SubmissionError
from autograder.submission.plain_text import one_line

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """The files to collect, by sorted path, and what to tell the student about the others."""

    files: dict[str, Entry]
    notices: list[str]


@dataclass(frozen=True)
class _Place:
    """A folder of the submission that holds one or more of the packages.

    Attributes:
        root: the folder; empty for the top.
        spelled: for each package found here, the spellings of its folder.
        complete: how many of them have an `__init__.py`, which a folder that merely has the
            package's name does not.
    """

    root: Parts
    spelled: dict[Parts, set[Parts]]
    complete: int

    @property
    def rank(self) -> tuple[int, int, int]:
        return (-self.complete, -len(self.spelled), len(self.root))

    def __str__(self) -> str:
        return _names(["/".join(self.root)]) if self.root else "the top folder"


def choose_files(entries: Sequence[Entry], packages: Sequence[str], limits: Limits) -> Chosen:
    """Return the files below the folders `packages`, such as `shapes/`.

    Raises:
        SubmissionError: no package folder is there, or more than one could be meant.
    """
    wanted = [tuple(package.strip("/").split("/")) for package in packages]
    notices = [_left_out(entry) for entry in entries if not entry.parts]
    place = _locate(entries, wanted, notices)
    found: list[tuple[str, Entry]] = []
    for package in wanted:
        if package not in place.spelled:
            notices.append(_missing_reason(package, entries))
            continue
        folder = place.root + _spelling(package, place.spelled[package], notices)
        found += _gather(entries, folder, package, notices)
    files = _settle(found, notices)
    if len(files) > limits.files:
        raise SubmissionError(
            f"The submission has more than {limits.files:,} files in "
            f"{_names(packages)}. Hand in only what the assignment asks for."
        )
    return Chosen(dict(sorted(files.items())), notices)


def _locate(entries: Sequence[Entry], wanted: Sequence[Parts], notices: list[str]) -> _Place:
    places = sorted(_places(entries, wanted), key=lambda place: (place.rank, place.root))
    if not places:
        raise SubmissionError(_missing(entries, wanted, notices))
    best = places[0]
    rivals = [place for place in places[1:] if place.rank == best.rank]
    if rivals:
        raise SubmissionError(
            f"The submission has {_names(map('/'.join, best.spelled))} more than once, in {best} "
            f"and in {rivals[0]}. Hand in one of them only."
        )
    for other in places[1:]:
        if not (_holds(best, other) or _holds(other, best)):
            notices.append(f"graded is what lies in {best}; the copy in {other} was left out.")
    return best


def _holds(outer: _Place, inner: _Place) -> bool:
    """Tell whether `inner` lies in what looks like a package of `outer`: then they are one."""
    folders = (outer.root + folder for found in outer.spelled.values() for folder in found)
    return any(inner.root[: len(folder)] == folder for folder in folders)


def _places(entries: Sequence[Entry], wanted: Sequence[Parts]) -> list[_Place]:
    """Return every folder that holds a folder with a package's name and a file in it."""
    spelled: dict[Parts, dict[Parts, set[Parts]]] = {}
    complete: dict[Parts, set[Parts]] = {}
    folded = {_folded(package): package for package in wanted}
    for entry in entries:
        parts = entry.parts
        for package_key, package in folded.items():
            length = len(package)
            for start in range(len(parts) - length):
                folder = parts[start : start + length]
                if _folded(folder) != package_key:
                    continue
                spelled.setdefault(parts[:start], {}).setdefault(package, set()).add(folder)
                if parts[start + length :] == ("__init__.py",):
                    complete.setdefault(parts[:start], set()).add(package)
    return [
        _Place(root, packages, len(complete.get(root, ()))) for root, packages in spelled.items()
    ]


def _spelling(package: Parts, spellings: set[Parts], notices: list[str]) -> Parts:
    """Return how the submission spells the package's folder; systems differ about case."""
    if package in spellings:
        return package
    if len(spellings) > 1:
        raise SubmissionError(
            f"The folders {_names(map('/'.join, sorted(spellings)))} differ by case alone. "
            f"Hand in one, called `{'/'.join(package)}/`."
        )
    (folder,) = spellings
    notices.append(
        f"{_names(map('/'.join, [folder]))} was graded as `{'/'.join(package)}/`: mind the case."
    )
    return folder


def _gather(
    entries: Sequence[Entry], folder: Parts, package: Parts, notices: list[str]
) -> list[tuple[str, Entry]]:
    found = []
    for entry in entries:
        inner = entry.parts[len(folder) :]
        if entry.parts[: len(folder)] != folder or not inner:
            continue
        if entry.fault:
            notices.append(_left_out(entry))
        else:
            found.append(("/".join(package + inner), entry))
    return found


def _settle(found: Iterable[tuple[str, Entry]], notices: list[str]) -> dict[str, Entry]:
    files: dict[str, Entry] = {}
    for path, entry in found:
        if path in files:
            notices.append(f"{entry.shown} is there more than once; the last one was graded.")
        files[path] = entry
    by_key: dict[str, str] = {}
    for path in sorted(files, key=lambda path: (path != path.casefold(), path)):
        kept = by_key.setdefault(_key(path), path)
        if kept != path:
            shown = files.pop(path).shown
            notices.append(f"left out: {shown} differs from {files[kept].shown} by case alone.")
    for path in sorted(files):
        steps = path.split("/")
        folders = ("/".join(steps[:end]) for end in range(1, len(steps)))
        if any(_key(folder) in by_key for folder in folders):
            notices.append(
                f"left out: {files.pop(path).shown} lies in a folder that is a file too."
            )
    return files


def _missing(entries: Sequence[Entry], wanted: Sequence[Parts], notices: Sequence[str]) -> str:
    tops = sorted({entry.parts[0] for entry in entries if entry.parts})
    if not tops:
        return (
            f"Nothing could be collected; {notices[0]}" if notices else "The submission is empty."
        )
    return f"{_missing_reason(wanted[0], entries)} Hand in the whole folder, under this name."


def _missing_reason(package: Parts, entries: Sequence[Entry]) -> str:
    name = "/".join(package)
    for entry in entries:
        if entry.fault and _folded(entry.parts[-1:]) == _folded(package[:1]):
            return f"There is no folder `{name}/` in the submission: {entry.shown} {entry.fault}."
    return f"There is no folder `{name}/` in the submission."


def _left_out(entry: Entry) -> str:
    return f"left out: {entry.shown} {entry.fault}."


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{one_line(name.strip('/'), 120)}/`" for name in names)


def _folded(parts: Parts) -> Parts:
    return tuple(_key(part) for part in parts)


def _key(path: str) -> str:
    """Return what two paths share that some file systems would take for the same file."""
    return unicodedata.normalize("NFC", path).casefold()
