"""Write results to disk, each file whole or not at all."""

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError
from autograder.results.gradescope import gradescope_document
from autograder.results.record import SubmissionRecord
from autograder.results.written import WRITTEN_FILE
from autograder.submission.names import safe_name

RESULTS_FILE = "results.json"
GRADE_FILE = "grade.json"


def write_results(folder: Path, record: SubmissionRecord) -> Path:
    """Write Gradescope's document of the record to `<folder>/<name>/results.json`.

    Raises:
        AutograderError: the file cannot be written; an older one is still whole.
    """
    return write_document(
        folder / safe_name(record.name) / RESULTS_FILE, gradescope_document(record)
    )


def write_document(target: Path, document: Mapping[str, Any]) -> Path:
    """Write a document as JSON, whole or not at all.

    Raises:
        AutograderError: as `write_results`.
    """
    return _write(target, json_text(document))


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


def _write(target: Path, text: str) -> Path:
    """Replace `target` at once; nobody ever sees half a file."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            with suppress(FileNotFoundError):  # a signal may come right after it got its name
                os.unlink(name)
            raise
    except OSError as error:
        raise AutograderError(
            f"cannot write the results ({error.strerror})",
            str(target),
            "free some space, or choose another folder with --out",
        ) from None
    return target
