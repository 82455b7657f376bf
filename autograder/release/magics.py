"""Translate magics in the text of a notebook, which are refused there, into Python to write."""

import re

_MAGIC = re.compile(r"\s*(?:#\s?)?(?:%(?P<name>[A-Za-z]\w*)|!)\s*(?P<rest>.*?)\s*")


def in_python(line: str) -> str:
    """Return a magic or a command as a call that does the same in Jupyter, or "" for other lines.

    Args:
        line: the line as it is written; it may be a comment, which is what jupytext makes of it.
    """
    found = _MAGIC.fullmatch(line)
    if found is None:
        return ""
    if found["name"] is None:
        return f"get_ipython().system({found['rest']!r})"
    return f"get_ipython().run_line_magic({found['name']!r}, {found['rest']!r})"
