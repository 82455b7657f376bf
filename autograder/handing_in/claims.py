"""Check whether the claims are those that the saved notebooks wrote."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.handing_in.notebooks import NotebookCell, printed

_SAVED = re.compile(r"""^[^#\n]*\bsave_claims\(\s*["']([A-Za-z0-9_-]{1,60})["']""", re.MULTILINE)
MARK = 12
"""The number of digits of a claim's SHA-256 that `save_claims` prints."""


def complaints(notebook: str, cells: list[NotebookCell], folder: Path) -> Iterator[str]:
    """Yield what is wrong with the claims that a notebook's code saves."""
    code = "\n".join(cell.source for cell in cells if cell.kind == "code")
    output = printed(cells)
    for name in dict.fromkeys(_SAVED.findall(code)):
        numbers, weights = (folder / "claims" / f"{name}{ending}" for ending in (".json", ".npz"))
        missing = [file for file in (numbers, weights) if not file.is_file()]
        if missing:
            yield f"claims/{missing[0].name} is missing; the last cells of {notebook} write it"
            continue
        stated = numbers.read_bytes()
        if _digest(stated)[:MARK] not in output:
            yield (
                f"claims/{numbers.name} is not what {notebook} says that it has written; run the "
                "notebook once more from the first cell to the last, and save it then"
            )
        if _digest(weights.read_bytes()) != _stated_digest(stated):
            yield (
                f"claims/{weights.name} does not belong to claims/{numbers.name}; run {notebook} "
                "once more"
            )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _stated_digest(data: bytes) -> str:
    try:
        document = json.loads(data)
        return str(document["weights_sha256"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
