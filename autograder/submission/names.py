"""Make names of submissions safe to show and to use as folder names; compare file names."""

import unicodedata
from collections.abc import Collection, Iterable

from autograder.text import one_line, without_marks

NAME_BYTES = 120
"""Longest name in UTF-8, well below the 255 bytes that file systems allow."""

# Names that the results folder itself uses.
_RESERVED = {
    "grade.json", "students.json", "index.html", "by-question", "written.html", "for-students",
    "similar.html", "gradebook-items.csv", "gradebook-problems.csv", "gradebook-canvas.csv",
    "gradebook-moodle.csv", "regrade.json", "gradings.sqlite", "gradings.sqlite-wal",
    "gradings.sqlite-shm", "gradings.lock", "owners.csv", "seed.key", "notes.txt",
}  # fmt: skip
_FORBIDDEN = '/\\:*?"<>|'


def safe_name(name: str) -> str:
    """Return `name` with the least changes that make it a safe folder name on every system."""
    plain = one_line(unicodedata.normalize("NFC", name), NAME_BYTES)
    plain = "".join("_" if character in _FORBIDDEN else character for character in plain)
    plain = plain.encode("utf-8")[:NAME_BYTES].decode("utf-8", "ignore")
    plain = plain.strip(" .")
    if plain.startswith("-"):  # would be read as an option on a command line
        plain = "_" + plain[1:]
    if plain.casefold() in _RESERVED:
        plain = plain.replace(".", "_").replace("-", "_")
    return plain or "submission"


def distinct_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return safe names, the second of the same name as `name-2`, and so on.

    Names that differ only by case or Unicode composition count as the same, because some systems
    would put them into one folder. A name that is already literally `name-2` is kept; the numbering
    skips it.

    Args:
        names: the names to make distinct.
        taken: safe names already in use.
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
    """Return a safe name with an ending that `safe_name` would not cut off."""
    room = NAME_BYTES - len(ending)
    short = name
    while len(short.encode()) > room:
        short = short[:-1]
    return short.rstrip(" .") + ending


def file_key(path: str) -> str:
    """Return a key that is equal for paths that people or file systems take for the same file."""
    return unicodedata.normalize("NFC", without_marks(path)).casefold()
