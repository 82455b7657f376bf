"""Find paths in code that lead somewhere on one machine and nowhere on any other."""

import re

_PATH = r"(?:/(?:home|root|Users|Volumes|mnt|content|kaggle)/|~[/\\]|[A-Za-z]:[\\/])"
_IN_A_STRING = re.compile(rf"""["']({_PATH}[^"'\n]*)""")
_IN_A_MAGIC = re.compile(rf"^\s*[%!].*?[\s=]({_PATH}\S*)")


def machine_paths(code: str) -> list[tuple[int, str]]:
    """Return the line and the path of each; comments are let alone."""
    found = []
    for number, line in enumerate(code.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        match = _IN_A_MAGIC.search(line) or _IN_A_STRING.search(line)
        if match:
            found.append((number, match[1][:80]))
    return found
