"""Keep the files that answer an item, for the person who grades them.

They are kept as they were handed in, and are not parsed; a file that is shown is read by a confined
process (report/written/files.py).
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.handing_in.asked import matches
from autograder.handing_in.requested import fault_of, format_of, is_unchanged, text_of_bytes
from autograder.text import one_line, plain_text

FILES = 20
"""How many files of one item are kept."""
FILES_BYTES = 140_000_000
"""The size of all files of a submission that are kept, in base64."""
TEXT_CAP = 50_000
"""Characters kept of a text: some thirty pages."""


@dataclass(frozen=True)
class FileRules:
    """The files that answer an item, as `RequestedFiles` of the assignment.

    Attributes:
        patterns: their paths.
        accepts: the formats that they may have.
        most_bytes: the largest size of one file.
    """

    patterns: tuple[str, ...]
    accepts: tuple[str, ...]
    most_bytes: int


def files_answer(root: Path | None, rules: FileRules, room: int) -> dict[str, Any]:
    """Return the answer to an item that is answered by files.

    Args:
        root: the folder that the submission was collected into; None if it could not be.
        rules: the files that are the answer.
        room: how many characters of base64 may be kept.
    """
    paths = [] if root is None else [*_matching(root, rules)]
    kept: list[dict[str, str]] = []
    is_answered = False
    for path in paths[:FILES]:
        assert root is not None  # it has files
        size = (root / path).stat().st_size
        raw = (root / path).read_bytes() if size <= rules.most_bytes else None
        entry = _entry(path, raw, fault_of(raw, size, rules.accepts, rules.most_bytes))
        if len(entry.get("data", "")) > room:
            del entry["data"]
            entry["fault"] = "is not kept: the files of this submission are too large together"
        room -= len(entry.get("data", ""))
        is_answered = is_answered or raw is None or not is_unchanged(raw)
        kept.append(entry)
    more = len(paths) - FILES
    missing = f"{' or '.join(rules.patterns)} was not handed in"
    return {
        "status": "answered" if is_answered else "not answered",
        "note": f"{more} more files were left out" if more > 0 else "" if paths else missing,
        "cells": [],
        "files": kept,
    }


def _matching(root: Path, rules: FileRules) -> Iterator[str]:
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root).as_posix()
        if file.is_file() and any(matches(path, one) for one in rules.patterns):
            yield path


def _entry(path: str, raw: bytes | None, fault: str) -> dict[str, str]:
    entry = {"path": one_line(path), "format": "", "fault": fault}
    if raw is None or not raw:
        return entry
    entry["format"] = format_of(raw)
    if entry["format"] == "text":
        return entry | {"text": plain_text(text_of_bytes(raw) or "", TEXT_CAP)}
    if not entry["format"]:
        return entry
    return entry | {"data": base64.b64encode(raw).decode("ascii")}
