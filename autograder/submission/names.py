"""Names of submissions, safe to show and to use as the name of a folder; names of files."""

import unicodedata
from collections.abc import Collection, Iterable

from autograder.text import one_line, without_marks

NAME_BYTES = 120
"""Longest name in UTF-8, well below the 255 bytes that file systems allow."""

# The results folder has these itself.
_RESERVED = {
    "grade.json", "students.json", "index.html", "by-question", "written.html", "for-students",
    "similar.html", "gradebook-items.csv", "gradebook-problems.csv", "gradebook-canvas.csv",
    "gradebook-moodle.csv", "regrade.json", "gradings.sqlite", "gradings.sqlite-wal",
    "gradings.sqlite-shm", "gradings.lock", "owners.csv", "seed.key", "notes.txt",
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


def distinct_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return safe names, the second of the same name as `name-2`, and so on.

    Names that differ by case alone, or in how Unicode composes them, count as the same: they would
    share a folder on some systems. A name that somebody has as it is goes to them: nobody is called
    `name-2` for being the second where another one is called so.

    Args:
        names: what is to be named.
        taken: safe names that others have already.
    """
    wished = [safe_name(name) for name in names]
    used = set(map(file_key, taken))
    result = [""] * len(wished)
    for index, name in enumerate(wished):
        if file_key(name) not in used:
            used.add(file_key(name))
            result[index] = name
    for index, name in enumerate(wished):
        if not result[index]:
            result[index] = _numbered(name, used)
            used.add(file_key(result[index]))
    return result


def _numbered(name: str, used: Collection[str]) -> str:
    number = 2
    while file_key(candidate := _with_ending(name, f"-{number}")) in used:
        number += 1
    return candidate


def _with_ending(name: str, ending: str) -> str:
    """Return a safe name with an ending that `safe_name` does not cut off again."""
    room = NAME_BYTES - len(ending)
    short = name
    while len(short.encode()) > room:
        short = short[:-1]
    return short.rstrip(" .") + ending


def file_key(path: str) -> str:
    """Return what two paths share that people, or some file systems, take for the same file."""
    return unicodedata.normalize("NFC", without_marks(path)).casefold()
