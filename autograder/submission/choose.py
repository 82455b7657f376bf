"""Choose, among the entries of a submission, the files that an assignment needs.

locate      find the package folders and notebooks: at the top or some folders deeper
gather      list the files in the package folders, by the path they are collected under; for
            notebooks and other single files see `loose`, for modules `modules`
settle      choose one file per path: duplicates, names that differ by case, files and folders
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.submission.entries import (
    Limits,
    SubmissionEntry,
    SubmissionError,
    UnreadableError,
    fault_of_written,
    written_parts,
)
from autograder.submission.kinds import closed_archive
from autograder.submission.loose import (
    choose_matching,
    choose_notebooks,
    notebook_entries,
    resembles,
)
from autograder.submission.modules import (
    choose_modules,
    choose_single_modules,
    module_entries,
    without,
)
from autograder.submission.names import file_key
from autograder.submission.settle import settle
from autograder.text import one_line, without_marks

Parts = tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """The files that an assignment needs.

    Attributes:
        packages: folders, such as `shapes/`.
        notebooks: files in the same folder as the packages, such as `report.ipynb`.
        patterns: further files that are collected if present, such as `claims/*.json`.
        modules: paths of the modules that the released packages contain.
        single_modules: modules in the same folder as the packages, such as `train.py`.
        answers: those of `patterns` that answer an item; its record says which are missing.
    """

    packages: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    single_modules: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    @property
    def single(self) -> tuple[str, ...]:
        """The notebooks and the single modules."""
        return self.notebooks + self.single_modules

    def __str__(self) -> str:
        """Return the folders, notebooks and modules as words of a sentence."""
        return ", ".join([*(f"`{name.strip('/')}/`" for name in self.packages),
                          *(f"`{name}`" for name in self.single)])  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """The files to collect.

    Attributes:
        files: by sorted path.
        single: the paths of those outside packages.
        notices: messages to the student about the other files.
    """

    files: dict[str, SubmissionEntry]
    single: frozenset[str]
    notices: list[str]


@dataclass(frozen=True)
class _Place:
    """A folder of the submission that contains some of the packages, notebooks or single modules.

    Attributes:
        root: the folder; empty for the top level.
        spelled: for each package found here, the spellings of its folder.
        complete: how many of them have an `__init__.py`; a folder that merely has a package's
            name does not.
        single: the notebooks and single modules found here.
    """

    root: Parts
    spelled: dict[Parts, set[Parts]]
    complete: int
    single: frozenset[str]

    @property
    def rank(self) -> tuple[int, int, int, int]:
        return (-self.complete, -len(self.spelled), -len(self.single), len(self.root))

    def holds_what(self, other: "_Place") -> bool:
        """Return whether both places contain the same thing, so that only one can be meant."""
        return bool(self.spelled or self.single & other.single)

    def __str__(self) -> str:
        return _names(["/".join(self.root)]) if self.root else "the top folder"


def choose_files(entries: Sequence[SubmissionEntry], wanted: Wanted, limits: Limits) -> Chosen:
    """Return the needed files that the submission contains.

    Raises:
        SubmissionError: none of them is present, or it is ambiguous which package is meant.
    """
    packages = [tuple(package.strip("/").split("/")) for package in wanted.packages]
    notices = [_left_out(entry) for entry in entries if not entry.parts]
    place = _locate(entries, packages, wanted, notices)
    root = place.root if place else ()
    found = choose_notebooks(entries, root, wanted.notebooks, notices)
    matching = choose_matching(entries, root, wanted.patterns, wanted.answers, notices, limits)
    found += matching
    there = place.spelled if place is not None else {}
    folders = [root + folder for spellings in there.values() for folder in spellings]
    single_modules = choose_single_modules(entries, root, wanted.single_modules, folders, notices)
    found += single_modules
    others = without(entries, single_modules)
    loose = {
        package: choose_modules(others, package, wanted.modules, notices)
        for package in packages
        if package not in there
    }
    if not found and not there and not any(loose.values()):
        error = UnreadableError if _closed(entries) else SubmissionError
        raise error(_missing(entries, packages, wanted, notices))
    single = frozenset(path for path, _ in found)
    for package in packages:
        if package in loose:
            if not loose[package]:
                notices.append(_missing_reason(package, entries))
            found += loose[package]
            continue
        folder = root + _spelling(package, there[package], notices)
        found += _gather(entries, folder, package, limits, notices)
    files = settle(found, notices)
    if len(files) > limits.files:
        raise SubmissionError(
            f"The submission has more than {limits.files:,} files in {wanted}. Submit only "
            "the files that the assignment asks for."
        )
    return Chosen(dict(sorted(files.items())), single, notices)


def _locate(
    entries: Sequence[SubmissionEntry],
    packages: Sequence[Parts],
    wanted: Wanted,
    notices: list[str],
) -> _Place | None:
    found = _places(entries, packages, wanted)
    if not found:
        return None
    best, *others = sorted(found, key=lambda place: (place.rank, place.root))
    for other in others:
        if other.rank == best.rank and best.holds_what(other):
            held = _names(map("/".join, best.spelled)) or _files(best.single)
            raise SubmissionError(
                f"The submission has {held} more than once, in {best} and in {other}. "
                "Submit only one of them."
            )
        if other.spelled and not (_holds(best, other) or _holds(other, best)):
            notices.append(f"graded the files in {best}; ignored the copy in {other}.")
    return best


def _holds(outer: _Place, inner: _Place) -> bool:
    """Return whether `inner` lies in an apparent package of `outer`, so that they are one."""
    folders = (outer.root + folder for found in outer.spelled.values() for folder in found)
    return any(inner.root[: len(folder)] == folder for folder in folders)


def _places(
    entries: Sequence[SubmissionEntry], packages: Sequence[Parts], wanted: Wanted
) -> list[_Place]:
    """Return every folder with a non-empty package folder, a notebook or a single module."""
    spelled: dict[Parts, dict[Parts, set[Parts]]] = {}
    complete: dict[Parts, set[Parts]] = {}
    notebooks_in: dict[Parts, set[str]] = {}
    folded = {_folded(package): package for package in packages}
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
    for entry in [*notebook_entries(entries), *module_entries(entries)]:
        alike = {name for name in wanted.single if resembles(entry.parts[-1], name)}
        if alike and not entry.fault:
            notebooks_in.setdefault(entry.parts[:-1], set()).update(alike)
    return [
        _Place(
            root,
            spelled.get(root, {}),
            len(complete.get(root, ())),
            frozenset(notebooks_in.get(root, ())),
        )
        for root in spelled.keys() | notebooks_in.keys()
    ]


def _spelling(package: Parts, spellings: set[Parts], notices: list[str]) -> Parts:
    """Return how the submission spells the package's folder; file systems differ about case."""
    if package in spellings:
        return package
    if len(spellings) > 1:
        raise SubmissionError(
            f"The folders {_names(map('/'.join, sorted(spellings)))} differ only by case. "
            f"Submit one, called `{'/'.join(package)}/`."
        )
    (folder,) = spellings
    mind = "check upper and lower case" if without_marks("".join(folder)) == "".join(folder) else (
        "its name contains invisible characters"
    )  # fmt: skip
    notices.append(
        f"{_names(map('/'.join, [folder]))} was graded as `{'/'.join(package)}/`: {mind}."
    )
    return folder


def _gather(
    entries: Sequence[SubmissionEntry],
    folder: Parts,
    package: Parts,
    limits: Limits,
    notices: list[str],
) -> list[tuple[str, SubmissionEntry]]:
    found = []
    for entry in entries:
        inner = entry.parts[len(folder) :]
        if entry.parts[: len(folder)] != folder or not inner:
            continue
        written = package + written_parts(inner)
        if fault := entry.fault or fault_of_written(written, limits):
            notices.append(f"ignored: {entry.shown} {fault}.")
            continue
        path = "/".join(written)
        if written[len(package) :] != inner:
            notices.append(f"{entry.shown} was graded as `{path}`.")
        found.append((path, entry))
    return found


def _missing(
    entries: Sequence[SubmissionEntry],
    packages: Sequence[Parts],
    wanted: Wanted,
    notices: Sequence[str],
) -> str:
    tops = sorted({entry.parts[0] for entry in entries if entry.parts})
    if not tops:
        return (
            f"Nothing could be collected; {notices[0]}" if notices else "The submission is empty."
        )
    closed = [f"{entry.shown} {entry.fault}." for entry in _closed(entries)][:1]
    if wanted.single or not packages:
        unclear = [notice for notice in notices if notice.startswith("It is not clear")]
        words = f"The submission contains nothing that the assignment asks for: {wanted}."
        return " ".join([*closed, words, *unclear])
    reason = _missing_reason(packages[0], entries)
    links = [entry for entry in entries if entry.fault == "is a link" and entry.shown not in reason]
    if links:
        reason += f" {links[0].shown} is a link, and links are not followed."
    if closed:
        return " ".join([*closed, reason])
    return f"{reason} Submit the whole folder, under this name."


def _closed(entries: Sequence[SubmissionEntry]) -> list[SubmissionEntry]:
    """Return the archives that cannot be opened."""
    return [entry for entry in entries if entry.parts and closed_archive(entry.parts[-1])]


def _missing_reason(package: Parts, entries: Sequence[SubmissionEntry]) -> str:
    name = "/".join(package)
    for entry in entries:
        if entry.fault and _folded(entry.parts[-1:]) == _folded(package[:1]):
            return f"The submission has no folder `{name}/`: {entry.shown} {entry.fault}."
    return f"The submission has no folder `{name}/`."


def _left_out(entry: SubmissionEntry) -> str:
    return f"ignored: {entry.shown} {entry.fault}."


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{one_line(name.strip('/'), 120)}/`" for name in names)


def _files(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _folded(parts: Parts) -> Parts:
    return tuple(file_key(part) for part in parts)
