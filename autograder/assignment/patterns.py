"""Match file names with patterns: `claims/*.json`, or `runs/**` for all files below a folder.

`*` is allowed in the last part, where it matches any characters but `/`.
"""

import re
from fnmatch import fnmatchcase

PATTERN = re.compile(r"([\w-][\w.-]*/)*[\w*-][\w.*-]*", re.ASCII)
BELOW = "/**"


def is_pattern(text: str) -> bool:
    """Return whether a text is a pattern: relative, without `..`, `*` in its last part only."""
    head = text.removesuffix(BELOW)
    if head != text:
        return bool(PATTERN.fullmatch(head)) and "*" not in head
    return bool(PATTERN.fullmatch(text)) and "**" not in text


def matches(path: str, pattern: str) -> bool:
    """Return whether a path matches the pattern."""
    if pattern.endswith(BELOW):
        return path.startswith(pattern.removesuffix("**"))
    folder, _, name = path.rpartition("/")
    wanted_folder, _, wanted_name = pattern.rpartition("/")
    return folder == wanted_folder and fnmatchcase(name, wanted_name)


def may_match_below(folder: str, pattern: str) -> bool:
    """Return whether a pattern can match a file below a folder, which ends in `/`."""
    return pattern.startswith(folder) or matches(folder, pattern)
