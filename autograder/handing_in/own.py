"""Find a student's own files in addition to those asked for, and which of them are handed in."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from autograder.handing_in.following import follow_from
from autograder.handing_in.notebooks import NotebookCell
from autograder.handing_in.own_files import PICTURES, listing_of

SHOWN_BY_BROWSERS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
PICTURE_BYTES = 25_000_000
"""The limit of one picture that a grader's page shows; photographs have some 3 to 12 MB."""
_IMAGE = re.compile(
    r"!\[[^\]\n]{0,300}\]\(\s*(?:<([^>\n]+)>|([^)\s]+))"
    r"|<img\b[^>]{0,300}?\bsrc\s*=\s*[\"']?([^\"'>\n]+)",
    re.IGNORECASE,
)
_NOT_SHOWN = "is a picture that browsers do not show; save it as JPEG or PNG"
_GIVEN_TEXT = re.compile(r"\d{3}-markdown")


def find_own(folder: Path, files: Mapping[str, Path]) -> tuple[dict[str, Path], list[str]]:
    """Return the student's own files that those asked for refer to, and what is wrong with them.

    Args:
        folder: the folder that contains all files.
        files: the files asked for, by their paths in the zip.
    """
    found = follow_from(folder, listing_of(folder), files.keys())
    own = {path: folder / listed for path, listed in sorted(found.taken.items())}
    warnings = list(found.notices)
    for path, file in own.items():
        ending, size = file.suffix.lower(), file.stat().st_size
        if ending in PICTURES and ending not in SHOWN_BY_BROWSERS:
            warnings.append(f"{path} {_NOT_SHOWN}")
        elif ending in PICTURES and size > PICTURE_BYTES:
            warnings.append(
                f"{path} has {size / 1e6:.0f} MB, but graders are shown pictures of at most "
                f"{PICTURE_BYTES // 1_000_000} MB; save it smaller"
            )
    return own, warnings


def complaints(path: str, cells: list[NotebookCell], files: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with the pictures that the text of a notebook shows.

    Args:
        path: the notebook's path.
        cells: its cells.
        files: the paths of all files that are handed in.
    """
    names = {_file_name(one) for one in files}
    for cell in cells:
        if cell.kind != "markdown" or _GIVEN_TEXT.fullmatch(cell.id):
            continue
        attached = cell.node.get("attachments")
        known = attached.keys() if isinstance(attached, dict) else ()
        for link in pictures_shown(cell.source):
            kind, _, name = link.partition(":")
            shown = f"{path}, {cell.shown}: the picture {link[:80]}"
            if kind == "attachment":
                if name not in known:
                    yield f"{shown} is missing; attach it again"
            elif kind.lower() in ("http", "https"):
                yield f"{shown} is on the web and is not shown to graders; save it next to {path}"
            elif kind.lower() != "data" and _file_name(link) not in names:
                yield f"{shown} does not exist; save it next to {path}"
        for name in map(str, known):
            ending = Path(name).suffix.lower()
            if ending in PICTURES and ending not in SHOWN_BY_BROWSERS:
                yield f"{path}, {cell.shown}: {name[:80]} {_NOT_SHOWN}"


def pictures_shown(text: str) -> list[str]:
    """Return the links of the pictures that a text shows."""
    links = (next(filter(None, found.groups())) for found in _IMAGE.finditer(text))
    return [unquote(link.strip()) for link in links]


def _file_name(link: str) -> str:
    return re.split(r"[\\/]", link.partition("#")[0].partition("?")[0])[-1].lower()
