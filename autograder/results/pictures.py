"""Pictures out of notebooks: PNG or JPEG by their bytes, in base64, and only so many of them."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.handing_in.notebooks import Cell, text_of

PICTURE_BYTES = 5_000_000
"""Of one picture."""
FIGURES = 24
"""Pictures kept of all notebooks of a submission, beside those of its answers."""
FIGURES_BYTES = 3_000_000
"""In base64, of all of them: a class of 500 must fit on a disk."""

_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


class Pictures:
    """Takes pictures, until there are enough.

    Args:
        most: how many are enough.
    """

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, data: object) -> dict[str, str] | None:
        """Return the picture of a mapping from media types to base64, if there is a sound one."""
        if not isinstance(data, Mapping) or not self._left:
            return None
        for mime, magic in _MAGIC.items():
            raw = _decoded(text_of(data.get(mime)))
            if raw.startswith(magic):
                self._left -= 1
                return {"mime": mime, "data": base64.b64encode(raw).decode("ascii")}
        return None


def figures_in(notebooks: Mapping[str, Sequence[Cell]]) -> tuple[list[dict[str, Any]], int]:
    """Return the pictures that notebooks show, and how many more there are.

    Args:
        notebooks: the cells by the notebook's path.
    """
    pictures = Pictures(10 * FIGURES)  # even counting them takes time
    figures: list[dict[str, Any]] = []
    room, left_out = FIGURES_BYTES, 0
    for path, cells in notebooks.items():
        for cell in cells:
            for output in cell.outputs:
                picture = pictures.take(output.get("data"))
                if picture is None:
                    continue
                if len(figures) == FIGURES or len(picture["data"]) > room:
                    left_out += 1
                    continue
                room -= len(picture["data"])
                figures.append({"notebook": path, "cell": cell.number, **picture})
    return figures, left_out


def _decoded(text: str) -> bytes:
    if not text or len(text) > PICTURE_BYTES * 3 // 2:
        return b""
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""
