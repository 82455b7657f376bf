"""Magics in the text of a notebook: no Python, and nothing else for them; say what to write."""

import re

_MAGIC = re.compile(r"\s*(?:#\s?)?(?:%(?P<name>[A-Za-z]\w*)|!)\s*(?P<rest>.*?)\s*")


def in_python(line: str) -> str:
    """A magic, or a command, as a call that does the same in Jupyter; "" where a line is none.

    Args:
        line: as it is written, also as a comment, as jupytext does.
    """
    found = _MAGIC.fullmatch(line)
    if found is None:
        return ""
    if found["name"] is None:
        return f"get_ipython().system({found['rest']!r})"
    return f"get_ipython().run_line_magic({found['name']!r}, {found['rest']!r})"
