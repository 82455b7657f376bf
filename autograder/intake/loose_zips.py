"""A folder of one student that holds nothing but zips: the zips are what was handed in."""

import re
from pathlib import Path

from autograder.intake.shelf import Slot
from autograder.submission.loose import original_name

_CODE = (".py", ".ipynb")
_VERSION = re.compile(r"(?:-|_|\s?\()(\d{1,3})\)?$")


def inner_zips(slot: Slot) -> list[tuple[str, Path, int | None]]:
    """Return what is to be graded of a slot: an ending for its name, where, and which is later.

    Nearly always this is the slot itself, or the one zip in it. Of several zips with numbers that
    a system gave to a second one of the same name, the higher one is the later.
    """
    zips = [parts for parts in slot.files if parts[-1].casefold().endswith(".zip")]
    has_code = any(parts[-1].casefold().endswith(_CODE) for parts in slot.files)
    if not zips or has_code:
        return [("", slot.path, None)]
    if len(zips) == 1:
        return [("", slot.path.joinpath(*zips[0]), None)]
    stems = {parts: parts[-1][: -len(".zip")] for parts in zips}
    same = len({version_of(stem)[0].casefold() for stem in stems.values()}) == 1
    return [
        (f" {stem}", slot.path.joinpath(*parts), version_of(stem)[1] if same else None)
        for parts, stem in stems.items()
    ]


def version_of(stem: str) -> tuple[str, int]:
    """Return a file's stem without the number of its version, and that number; 0 for the first."""
    found = _VERSION.search(stem)
    if found is None:
        return original_name(f"{stem}.zip")[: -len(".zip")], 0
    return stem[: found.start()], int(found[1])
