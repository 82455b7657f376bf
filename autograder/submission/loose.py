"""Choose the single files of a submission: its notebooks, and the files that match patterns.

Browsers, Colab, Jupyter and Windows rename copies (`problem_4 (1).ipynb`, `Copy of
problem_4.ipynb`), and students unzip into extra folders. Such a file is accepted, with a notice, if
it is the only one that can be meant; if several can, none is accepted.
"""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from autograder.submission.entries import Limits, SubmissionEntry, fault_of_written, written_parts
from autograder.submission.names import file_key
from autograder.text import one_line

Parts = tuple[str, ...]
Found = list[tuple[str, SubmissionEntry]]

_COPY_BEFORE = re.compile(r"^(copy of )+", re.IGNORECASE)
_COPY_AFTER = re.compile(
    r"(?:\s?\(\d{1,3}\)"  # browsers: problem_4 (1).ipynb
    r"|(?:\s-\s|\s|-)copy(?:\s?\d{1,3})?)+$",  # Windows, macOS, Jupyter: - Copy, copy 2, -Copy1
    re.IGNORECASE,
)
_NUMBER_AFTER = re.compile(r"(?:-|_)\d{1,3}$", re.ASCII)  # Canvas: problem_4-1.ipynb
_WRONG_ENDING = re.compile(r"(\.ipynb)\.(?:json|txt)$", re.IGNORECASE)  # Safari


def original_name(name: str) -> str:
    """Return a file's name without the additions that mark it as a copy."""
    stem, dot, ending = _WRONG_ENDING.sub(r"\1", name[:255]).rpartition(".")
    return f"{_COPY_AFTER.sub('', _COPY_BEFORE.sub('', stem))}{dot}{ending}"


def resembles(name: str, wanted: str) -> bool:
    """Return whether a file has the wanted name, ignoring case, spaces and marks of copies."""
    return _loosely(original_name(name)) == _loosely(wanted)


def resembles_numbered(name: str, wanted: str) -> bool:
    """Return whether a file has the wanted name with a number added by a platform."""
    stem, dot, ending = original_name(name).rpartition(".")
    return resembles(f"{_NUMBER_AFTER.sub('', stem)}{dot}{ending}", wanted)


def notebook_entries(entries: Iterable[SubmissionEntry]) -> list[SubmissionEntry]:
    """Return the entries whose name looks like a notebook's."""
    return [entry for entry in entries if entry.parts and ".ipynb" in file_key(entry.parts[-1])]


def choose_notebooks(
    entries: Sequence[SubmissionEntry], root: Parts, notebooks: Sequence[str], notices: list[str]
) -> Found:
    """Return the file to collect for each of `notebooks` that can be found."""
    found: Found = []
    entries = notebook_entries(entries)
    for wanted in notebooks:
        alike = named_alike(entries, wanted, notebooks)
        if not alike and len(notebooks) == 1 and len({entry.parts for entry in entries}) == 1:
            alike = list(entries)
        notices += [f"ignored: {entry.shown} {entry.fault}." for entry in alike if entry.fault]
        sound = [entry for entry in alike if not entry.fault]
        found += take_best(sound, root, wanted, "notebook", notices)
    return found


def take_best(
    sound: Sequence[SubmissionEntry], root: Parts, wanted: str, kind: str, notices: list[str]
) -> Found:
    """Return the entry that is meant by a wanted file, or nothing if that is not clear.

    Args:
        sound: the entries that may be meant.
        root: the folder in which the file should be.
        wanted: its name.
        kind: what it is, in a word.
        notices: gets a sentence if it was renamed, is missing or is not the only one.
    """
    taken = _best(sound, (*root, wanted))
    if not taken:
        notices.append(_why_none(wanted, sound, kind))
        return []
    others = sorted({entry.shown for entry in sound} - {entry.shown for entry in taken})
    if taken[0].parts != (*root, wanted):
        notices.append(f"{taken[0].shown} was graded as `{wanted}`.")
    if others:
        notices.append(f"graded {taken[0].shown}; ignored {_listed(others)}.")
    return [(wanted, entry) for entry in taken]


def choose_matching(
    entries: Sequence[SubmissionEntry],
    root: Parts,
    patterns: Sequence[str],
    optional: Sequence[str],
    notices: list[str],
    limits: Limits,
) -> Found:
    """Return the files that match `patterns` below `root`, or else below one other folder.

    All patterns are matched in the same folder, so that files of two attempts are never mixed. Of
    those that match no file, `optional` ones are not mentioned in `notices`.
    """
    places: dict[Parts, dict[str, list[tuple[str, SubmissionEntry]]]] = {}
    for entry in entries:
        pattern, depth = next(
            ((one, depth) for one in patterns if (depth := _depth(entry.parts, one))), ("", 0)
        )
        if not pattern:
            continue
        tail = written_parts(entry.parts[-depth:])
        if fault := entry.fault or fault_of_written(tail, limits):
            notices.append(f"ignored: {entry.shown} {fault}.")
            continue
        matches = places.setdefault(entry.parts[:-depth], {}).setdefault(pattern, [])
        matches.append((_spelt_as(tail, pattern), entry))
    if root not in places and len(places) > 1:
        shown = sorted(one_line("/".join(place), 120) or "the top folder" for place in places)
        notices.append(
            f"{_listed(f'`{pattern}`' for pattern in patterns)} match files in several places "
            f"({_listed(shown)}), so none was collected. Submit only one set of them."
        )
        return []
    if root not in places and places:
        (root,) = places
    taken = places.get(root, {})
    notices += [
        f"The submission has no file `{pattern}`."
        for pattern in patterns
        if pattern not in taken and pattern not in optional
    ]
    return _without_copies([match for matches in taken.values() for match in matches], notices)


def named_alike(
    entries: Sequence[SubmissionEntry], wanted: str, names: Sequence[str]
) -> list[SubmissionEntry]:
    """Return the entries that may be meant by a name: by name, or else by numbered name.

    Args:
        entries: the entries.
        wanted: the name.
        names: the names of all files of this kind that are wanted.
    """
    if alike := [entry for entry in entries if resembles(entry.parts[-1], wanted)]:
        return alike
    alike = [entry for entry in entries if resembles_numbered(entry.parts[-1], wanted)]
    others = [name for name in names if name != wanted]
    return [one for one in alike if not any(resembles(one.parts[-1], name) for name in others)]


def _best(sound: Sequence[SubmissionEntry], wanted: Parts) -> list[SubmissionEntry]:
    """Return the entries of one path (a zip may have it twice), or nothing if it is ambiguous."""
    paths = {entry.parts for entry in sound}
    for meant in (
        {path for path in paths if path == wanted},
        {path for path in paths if _key(path) == _key(wanted)},
        paths,
    ):
        if len(meant) == 1:
            return [entry for entry in sound if entry.parts in meant]
        if meant:
            return []
    return []


def _why_none(wanted: str, sound: Sequence[SubmissionEntry], kind: str) -> str:
    if not sound:
        return f"The submission has no {kind} `{wanted}`."
    shown = sorted({entry.shown for entry in sound})
    return (
        f"It is not clear which file is `{wanted}`: {_listed(shown)}. None was graded; submit "
        "one, under this name."
    )


def _without_copies(matches: Found, notices: list[str]) -> Found:
    """Leave out copies of files that are present, and give a lone copy its original name."""
    rivals: dict[str, set[str]] = {}
    for path, _ in matches:
        rivals.setdefault(file_key(_original_path(path)), set()).add(path)
    found: Found = []
    for path, entry in matches:
        meant = _original_path(path)
        if meant == path:
            found.append((path, entry))
        elif len(rivals[file_key(meant)]) > 1:
            notices.append(f"ignored: {entry.shown} is a copy; submit one, without a number.")
        else:
            notices.append(f"{entry.shown} was graded as `{meant}`.")
            found.append((meant, entry))
    return found


def _original_path(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{original_name(name)}"


def _depth(parts: Parts, pattern: str) -> int:
    """Return how many parts at the end of a path match a pattern; 0 if it does not match."""
    steps = pattern.removesuffix("/**").split("/")
    if pattern.endswith("/**"):  # the outermost folder of that name
        starts = range(len(parts) - len(steps))
        return next((len(parts) - start for start in starts if _alike(parts[start:], steps)), 0)
    return len(steps) if len(parts) >= len(steps) and _alike(parts[-len(steps) :], steps) else 0


def _alike(parts: Sequence[str], steps: Sequence[str]) -> bool:
    """Return whether the first parts match the steps of a pattern."""
    pairs = zip(parts, steps, strict=False)
    return all(fnmatchcase(file_key(part), file_key(step)) for part, step in pairs)


def _spelt_as(tail: Parts, pattern: str) -> str:
    """Return a path with the pattern's spelling of upper and lower case."""
    steps = pattern.removesuffix("/**").split("/")
    pairs = zip(tail, steps, strict=False)
    spelt = [part if any(sign in step for sign in "*?[") else step for part, step in pairs]
    return "/".join([*spelt, *tail[len(steps) :]])


def _loosely(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", file_key(name))


def _key(path: Parts) -> Parts:
    return tuple(map(file_key, path))


def _listed(words: Iterable[str]) -> str:
    """Return the first few words and the number of the others."""
    words = list(words)
    more = f" and {len(words) - 4} more" if len(words) > 4 else ""
    return ", ".join(words[:4]) + more
