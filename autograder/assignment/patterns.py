"""Patterns of file names, such as `claims/*.json`, in which `*` stands within the last name."""

import re
from fnmatch import fnmatchcase

PATTERN = re.compile(r"([\w-][\w.-]*/)*[\w*-][\w.*-]*", re.ASCII)


def is_pattern(text: str) -> bool:
    """Tell whether a text is a pattern: relative, no `..`, and `*` in its last name only."""
    return bool(PATTERN.fullmatch(text)) and "**" not in text


def matches(path: str, pattern: str) -> bool:
    """Tell whether a path is one that the pattern means; `*` never stands for a `/`."""
    folder, _, name = path.rpartition("/")
    wanted_folder, _, wanted_name = pattern.rpartition("/")
    return folder == wanted_folder and fnmatchcase(name, wanted_name)
