"""Accept pictures whose kind their bytes show, as base64, up to a limit of number and size."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.handing_in.notebooks import NotebookCell, text_of
from autograder.handing_in.requested import picture_kind

PICTURE_BYTES = 25_000_000
"""The largest size of one picture; photographs have some 3 to 12 MB."""
TOO_LARGE = f"it is larger than {PICTURE_BYTES // 1_000_000} MB"
PICTURES_BYTES = 100_000_000
"""The largest size of all accepted pictures together."""
FIGURES = 24
"""How many pictures are kept of all notebooks of a submission, apart from those of its answers."""
FIGURES_BYTES = 3_000_000
"""The size of all of these together, in base64: a class of 500 must fit on a disk."""

SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif")
"""The kinds that browsers show; the other kinds that are kept can only be saved from a page."""


class Pictures:
    """A filter that accepts pictures until there are enough.

    Args:
        most: how many pictures are enough.
    """

    def __init__(self, most: int) -> None:
        self._left, self._bytes_left = most, PICTURES_BYTES

    def allow(self, most: int) -> None:
        """Accept so many more, however many were accepted before; their sizes still add up."""
        self._left = most

    def take(self, data: object) -> dict[str, str] | None:
        """Return the picture of a mapping from media types to base64; None if none is sound."""
        picture, _ = self.take_or_say(data)
        return picture

    def take_or_say(self, data: object) -> tuple[dict[str, str] | None, str]:
        """Return the picture of a mapping from media types to base64, or why it has none."""
        why = "it is not a picture"
        if isinstance(data, Mapping):
            for mime, content in data.items():
                if isinstance(mime, str) and mime.startswith("image/"):
                    picture, why = self.take_bytes(_decoded(text_of(content)))
                    if picture:
                        return picture, ""
        return None, why

    def take_bytes(self, raw: bytes) -> tuple[dict[str, str] | None, str]:
        """Return a picture, or why it is not kept."""
        mime = picture_kind(raw)
        if len(raw) > PICTURE_BYTES:
            return None, TOO_LARGE
        if not mime:
            return None, "it is of a kind that this page does not show"
        if not self._left or len(raw) > self._bytes_left:
            return None, "there are too many pictures for this page"
        self._left -= 1
        self._bytes_left -= len(raw)
        return {"mime": mime, "data": base64.b64encode(raw).decode("ascii")}, ""


def figures_in(notebooks: Mapping[str, Sequence[NotebookCell]]) -> tuple[list[dict[str, Any]], int]:
    """Return the pictures that notebooks show, and how many more were left out.

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
    if len(text) > PICTURE_BYTES * 3 // 2:
        return bytes(PICTURE_BYTES + 1)  # too large, whatever it is
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""
