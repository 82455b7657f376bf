"""Write results to disk, each file whole or not at all."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError
from autograder.results.gradescope import gradescope_document
from autograder.results.record import SubmissionRecord
from autograder.results.record_json import to_dict
from autograder.results.written import WRITTEN_FILE
from autograder.submission.names import safe_name

RESULTS_FILE = "results.json"
RECORD_FILE = "record.json"
GRADE_FILE = "grade.json"


def write_results(folder: Path, record: SubmissionRecord) -> Path:
    """Write Gradescope's document of a record, and the record.

    `<folder>/<name>/results.json` is for the student. `record.json` beside it is what gradebook
    and reports are made of; it has the instructor's messages, so only its owner may read it.

    Raises:
        AutograderError: a file cannot be written; an older one is still whole.
    """
    place = folder / safe_name(record.name)
    results = _write(place / RESULTS_FILE, json_text(gradescope_document(record)))
    _write(place / RECORD_FILE, json_text(to_dict(record)), mode=0o600)
    return results


def write_grade_document(folder: Path, document: Mapping[str, Any]) -> Path:
    """Write an `autograder.grade/1` document to `<folder>/grade.json`.

    Raises:
        AutograderError: as `write_results`.
    """
    return _write(folder / GRADE_FILE, json_text(document))


def write_answers(folder: Path, document: Mapping[str, Any]) -> Path:
    """Write an `autograder.written/1` document to `<folder>/<name>/written.json`.

    Raises:
        AutograderError: as `write_results`.
    """
    return _write(folder / safe_name(document["name"]) / WRITTEN_FILE, json_text(document))


def json_text(document: Mapping[str, Any]) -> str:
    """Return the document as JSON that every program can read: ASCII only, no NaN, two spaces."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def _write(target: Path, text: str, mode: int = 0o644) -> Path:
    """Replace `target` at once; nobody ever sees half a file."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise AutograderError(
            f"cannot write the results ({error.strerror})",
            str(target),
            "free some space, or choose another folder with --out",
        ) from None
    return target
