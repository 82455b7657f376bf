"""Find modules: those that are asked for at the top, and those of a package without its folder.

Canvas accepts only single files, so the folder of a package may be missing.
"""

from collections.abc import Iterable, Sequence

from autograder.submission.entries import SubmissionEntry
from autograder.submission.loose import (
    Found,
    Parts,
    named_alike,
    original_name,
    resembles_numbered,
    take_best,
)
from autograder.submission.names import file_key
from autograder.text import one_line

_LIBRARIES = frozenset(["site-packages", "dist-packages", "node_modules"])


def module_entries(entries: Iterable[SubmissionEntry]) -> list[SubmissionEntry]:
    """Return the entries that are modules, outside folders of installed libraries."""
    return [
        entry
        for entry in entries
        if entry.parts and entry.parts[-1].endswith(".py") and _LIBRARIES.isdisjoint(entry.parts)
    ]


def without(entries: Iterable[SubmissionEntry], taken: Found) -> list[SubmissionEntry]:
    """Return the entries that were not taken."""
    kept_out = {id(entry) for _, entry in taken}
    return [entry for entry in entries if id(entry) not in kept_out]


def choose_single_modules(
    entries: Sequence[SubmissionEntry],
    root: Parts,
    modules: Sequence[str],
    packages: Sequence[Parts],
    notices: list[str],
) -> Found:
    """Return the file to collect for each of `modules`, which import each other by name.

    All are taken from one folder, so that files of two attempts are never mixed: `root`, or else
    the only other folder that has one of them. Modules inside the packages are not meant.

    Args:
        entries: of the submission.
        root: the folder with the packages and notebooks.
        modules: the names of the files.
        packages: the folders of the packages in the submission.
        notices: gets a sentence on each file that is missing, renamed or not the only one.
    """
    outside = [
        entry
        for entry in module_entries(entries)
        if not any(entry.parts[: len(package)] == package for package in packages)
    ]
    alike = {name: named_alike(outside, name, modules) for name in modules}
    places = {entry.parts[:-1] for found in alike.values() for entry in found if not entry.fault}
    if root not in places and len(places) == 1:
        (root,) = places
    taken: Found = []
    for name, found in alike.items():
        here = [entry for entry in found if entry.parts[:-1] == root]
        notices += [f"ignored: {entry.shown} {entry.fault}." for entry in here if entry.fault]
        sound = [entry for entry in here if not entry.fault]
        taken += take_best(sound, root, name, "module", notices)
        elsewhere = sorted({entry.shown for entry in found if entry not in here})
        if elsewhere and not sound:
            place = f"`{one_line('/'.join(root), 120)}/`" if root else "the top folder"
            notices.append(f"`{name}` belongs in {place}; {elsewhere[0]} was ignored.")
    return taken


def choose_modules(
    entries: Sequence[SubmissionEntry], package: Parts, modules: Iterable[str], notices: list[str]
) -> Found:
    """Return the files that can only be modules of a package, by the paths where they belong.

    A file qualifies if exactly one module of the package has its name. All must be in one folder,
    so that files of two attempts are never mixed.

    Args:
        entries: of a submission without the package's folder.
        package: the folder.
        modules: paths of the modules that the release has, in any package.
        notices: gets a sentence on the files taken.
    """
    folder = "/".join(package) + "/"
    by_name: dict[str, list[str]] = {}
    for path in modules:
        if path.startswith(folder):
            by_name.setdefault(file_key(path.rpartition("/")[2]), []).append(path)
    places: dict[Parts, Found] = {}
    for entry in entries:
        if entry.parts and not entry.fault and (path := _path(entry.parts[-1], by_name)):
            places.setdefault(entry.parts[:-1], []).append((path, entry))
    if len(places) != 1:
        return []
    [found] = places.values()
    paths = [path for path, _ in found]
    taken = [(path, entry) for path, entry in found if paths.count(path) == 1]
    if taken:
        shown = ", ".join(f"{entry.shown} as `{path}`" for path, entry in taken[:4])
        more = f" and {len(taken) - 4} more" if len(taken) > 4 else ""
        notices.append(f"Modules without their folder were graded: {shown}{more}.")
    return taken


def _path(name: str, by_name: dict[str, list[str]]) -> str:
    """Return the only path that a file of this name can have; "" if it has none or several."""
    paths = by_name.get(file_key(original_name(name)))
    if paths is None and name.endswith(".py"):
        paths = [
            path for key, of_key in by_name.items() if resembles_numbered(name, key)
            for path in of_key
        ]  # fmt: skip
    return paths[0] if paths is not None and len(paths) == 1 else ""
