"""Read which further files are handed in: [submission] files, and the files that answer an item."""

from pathlib import PurePosixPath

from autograder.assignment.parts import GENERATED, README, Parts
from autograder.assignment.patterns import is_pattern, matches
from autograder.assignment.spec import FORMATS, RequestedFiles
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Table

FILE_KEYS = ("files", "accepts", "max_mb")
DEFAULT_MB, MOST_MB = 20.0, 50.0


def read_submission_files(table: Table, parts: Parts) -> None:
    """Read [submission] into `parts`, which already holds packages and notebooks.

    A copied file may be submitted; students may then change it.
    """
    parts.submission_files += _read_patterns(table, parts)


def read_requested_files(table: Table, parts: Parts, kind: str | None) -> RequestedFiles | None:
    """Read the files that answer an item; None if it is of another kind, or has a mistake."""
    if kind != "file":
        for key in FILE_KEYS:
            if table.has(key) and kind is not None:
                what = f"an item of the kind '{kind}' has no '{key}'"
                table.complain(key, what, 'write kind = "file", or remove it')
        return None
    if table.has("notebook"):
        what = "an item of the kind 'file' is answered in a file of its own"
        table.complain("notebook", what, 'remove notebook, or write kind = "written"')
    if not table.has("files"):
        table.require("files", 'files = ["derivations.pdf"]')
        return None
    patterns = _read_patterns(table, parts)
    most_mb = table.positive("max_mb", DEFAULT_MB, MOST_MB)
    accepts = _read_accepts(table)
    if not patterns or most_mb is None:
        return None
    parts.submission_files += [one for one in patterns if one not in parts.submission_files]
    return RequestedFiles(tuple(patterns), accepts, round(most_mb * 1_000_000))


def _read_accepts(table: Table) -> tuple[str, ...]:
    found = []
    for number, word in table.words("accepts"):
        if word not in FORMATS:
            remedy = did_you_mean(word, FORMATS) or f"write {', '.join(FORMATS)}"
            table.complain("accepts", f"'{word}' is not a format", remedy, number)
        else:
            found.append(word)
    return tuple(found) or FORMATS


def _read_patterns(table: Table, parts: Parts) -> list[str]:
    found = []
    for number, pattern in table.words("files"):
        what, remedy = _fault_of(pattern, parts)
        if what:
            table.complain("files", what, remedy, number)
        else:
            found.append(pattern)
    return found


def _fault_of(pattern: str, parts: Parts) -> tuple[str, str]:
    """Return what is wrong with a pattern, and the remedy; "" if nothing is."""
    if not is_pattern(pattern):
        return (
            f"'{pattern}' is not a file pattern",
            "write it relative to the submission, such as 'claims/*.json' or 'runs/**'",
        )
    if any(package.contains(pattern) for package in parts.packages):
        return f"'{pattern}' is in a package", "remove it: packages are collected whole"
    # The README of the release is replaced by the student's own.
    if PurePosixPath(pattern).parts[0] in GENERATED and pattern != README:
        return f"'{pattern}' matches a generated file", "use another folder"
    release = [*GENERATED, "requirements.txt", *(notebook.path for notebook in parts.notebooks)]
    release += [package.path for package in parts.packages if package.is_module]
    also = next((path for path in release if path != pattern and matches(path, pattern)), "")
    if also or pattern == "requirements.txt":
        return (
            f"'{pattern}' also matches '{also or pattern}', a file of the release",
            "write a pattern that does not match it",
        )
    return "", ""
