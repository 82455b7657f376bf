"""Implement the cell magics that the run handles itself: %%time and %%capture."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

_CELL_MAGIC = re.compile(r"%%(time|capture)\b(.*)")


def without_cell_magic(source: str) -> tuple[str, str]:
    """Return a cell's code without %%time and %%capture, and the variable of %%capture.

    Line numbers stay the same: the magic becomes a comment, and so do empty lines before the code,
    which IPython would drop.
    """
    lines = source.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    capture = ""
    magic = _CELL_MAGIC.fullmatch(lines[first].strip())
    if magic is not None:
        lines[first] = "#"
        words = [word for word in magic[2].split() if not word.startswith("-")]
        capture = (words[0] if words else "_") if magic[1] == "capture" else ""
        if magic[1] == "time" and magic[2].strip():
            lines[first] = magic[2].strip()
    if not lines[first].lstrip().startswith("%%"):
        lines[:first] = ["#"] * first
    return "\n".join(lines), capture


@contextlib.contextmanager
def captured(name: str, namespace: dict[str, Any]) -> Iterator[None]:
    """Capture output as %%capture does."""
    if not name:
        yield
        return
    from IPython.utils.capture import capture_output

    with capture_output() as captured:
        yield
    namespace[name] = captured
