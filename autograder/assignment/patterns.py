"""Match file names with patterns such as `claims/*.json`; `*` is allowed in the last part."""

import re
from fnmatch import fnmatchcase

PATTERN = re.compile(r"([\w-][\w.-]*/)*[\w*-][\w.*-]*", re.ASCII)


def is_pattern(text: str) -> bool:
    """Return whether a text is a pattern: relative, without `..`, `*` in its last part only."""
    return bool(PATTERN.fullmatch(text)) and "**" not in text


def matches(path: str, pattern: str) -> bool:
    """Return whether a path matches the pattern; `*` never matches a `/`."""
    folder, _, name = path.rpartition("/")
    wanted_folder, _, wanted_name = pattern.rpartition("/")
    return folder == wanted_folder and fnmatchcase(name, wanted_name)
