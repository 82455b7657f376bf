"""Find a package's modules submitted without its folder: Canvas accepts only single files."""

from collections.abc import Iterable, Sequence

from autograder.submission.entries import SubmissionEntry
from autograder.submission.loose import Found, Parts, original_name, resembles_numbered
from autograder.submission.names import file_key


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
