"""Find paths in code that exist on one machine only."""

import re

_PATH = r"(?:/(?:home|root|Users|Volumes|mnt|content|kaggle)/|~[/\\]|[A-Za-z]:[\\/])"
_IN_A_STRING = re.compile(rf"""["']({_PATH}[^"'\n]*)""")
_IN_A_MAGIC = re.compile(rf"^\s*[%!].*?[\s=]({_PATH}\S*)")


def machine_paths(code: str) -> list[tuple[int, str]]:
    """Return the line and the text of each such path; comments are ignored."""
    found = []
    for number, line in enumerate(code.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        match = _IN_A_MAGIC.search(line) or _IN_A_STRING.search(line)
        if match:
            found.append((number, match[1][:80]))
    return found
