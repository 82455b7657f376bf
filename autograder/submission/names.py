"""Names of submissions, safe to show and to use as the name of a folder; names of files."""

import unicodedata
from collections.abc import Iterable

from autograder.submission.plain_text import one_line

NAME_BYTES = 120
"""Longest name in UTF-8, well below the 255 bytes that file systems allow."""

# The results folder has these itself.
_RESERVED = {
    "grade.json", "students.json", "index.html", "by-question", "written.html", "for-students",
    "similar.html", "gradebook-items.csv", "gradebook-problems.csv", "gradebook-canvas.csv",
    "gradebook-moodle.csv", "regrade.json", "gradings.sqlite", "gradings.sqlite-wal",
    "gradings.sqlite-shm", "gradings.lock", "seed.key",
}  # fmt: skip
_FORBIDDEN = '/\\:*?"<>|'


def safe_name(name: str) -> str:
    """Return `name` changed as little as makes it a safe folder name on every system."""
    plain = one_line(unicodedata.normalize("NFC", name), NAME_BYTES)
    plain = "".join("_" if character in _FORBIDDEN else character for character in plain)
    plain = plain.encode("utf-8")[:NAME_BYTES].decode("utf-8", "ignore")
    plain = plain.strip(" .")
    if plain.startswith("-"):  # would read as an option on a command line
        plain = "_" + plain[1:]
    if plain.casefold() in _RESERVED:
        plain = plain.replace(".", "_").replace("-", "_")
    return plain or "submission"


def distinct_names(names: Iterable[str]) -> list[str]:
    """Return safe names, the second of the same name as `name-2`, and so on.

    Names that differ by case alone count as the same: they would share a folder on some systems.
    """
    taken: set[str] = set()
    result = []
    for name in map(safe_name, names):
        candidate, number = name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{name}-{number}"
        taken.add(candidate.casefold())
        result.append(candidate)
    return result


def file_key(path: str) -> str:
    """Return what two paths share that some file systems would take for the same file."""
    return unicodedata.normalize("NFC", path).casefold()
