"""Write results to disk, each file whole or not at all."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

from autograder.atomic import PRIVATE, UNFINISHED, open_atomic
from autograder.errors import AutograderError
from autograder.results.grade_document import grade_document
from autograder.results.gradescope import gradescope_document
from autograder.results.record import SubmissionRecord
from autograder.results.record_json import to_dict
from autograder.results.written import WRITTEN_FILE
from autograder.submission.names import safe_name

RESULTS_FILE = "results.json"
RECORD_FILE = "record.json"
GRADE_FILE = "grade.json"


def write_results(folder: Path, record: SubmissionRecord) -> Path:
    """Write a record, and Gradescope's document made from it.

    `<folder>/<name>/results.json` is for the student. Gradebook and reports are made from the
    `record.json` next to it, which contains the instructor's messages.

    Raises:
        AutograderError: a file cannot be written; an older one is still whole.
    """
    place = folder / safe_name(record.name)
    results = _write(place / RESULTS_FILE, json_text(gradescope_document(record)))
    _write(place / RECORD_FILE, json_text(to_dict(record)))
    return results


def write_document(target: Path, document: Mapping[str, Any]) -> Path:
    """Write a document as JSON, whole or not at all.

    Raises:
        AutograderError: as `write_results`.
    """
    return _write(target, json_text(document))


def has_results(folder: Path, record: SubmissionRecord) -> bool:
    """Return whether the files that `write_results` writes for a record exist, with its content."""
    place = folder / safe_name(record.name)
    try:
        return (place / RECORD_FILE).read_text() == json_text(to_dict(record)) and (
            place / RESULTS_FILE
        ).read_text() == json_text(gradescope_document(record))
    except (OSError, UnicodeDecodeError):
        return False


def sweep(folder: Path) -> None:
    """Remove incomplete files that a killed run has left; no other run may write there now."""
    for place in (folder, *folder.glob("*/")):
        for leftover in place.glob(f".*{UNFINISHED}"):
            leftover.unlink(missing_ok=True)


def write_grade_records(
    folder: Path, assignment_id: str, records: Iterable[SubmissionRecord]
) -> Path:
    """Write the `autograder.grade/1` document of many records, one at a time.

    Raises:
        AutograderError: as `write_results`.
    """
    return _write_pieces(folder / GRADE_FILE, grade_pieces(assignment_id, records))


def grade_pieces(assignment_id: str, records: Iterable[SubmissionRecord]) -> Iterator[str]:
    """Yield the text of the `autograder.grade/1` document of many records."""
    frame = json_text(grade_document(assignment_id, []))
    before, _, after = frame.rpartition("[]")
    yield f"{before}["
    separator = "\n"
    for record in records:
        [entry] = grade_document(assignment_id, [record])["submissions"]
        yield separator + indent(json.dumps(entry, indent=2, allow_nan=False), "    ")
        separator = ",\n"
    yield f"]{after}" if separator == "\n" else f"\n  ]{after}"


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
    return _write_pieces(target, [text])


def _write_pieces(target: Path, pieces: Iterable[str]) -> Path:
    """Replace `target` atomically by a file that only its owner may read."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_atomic(target, mode=PRIVATE, durable=True) as stream:
            stream.writelines(piece.encode() for piece in pieces)
    except OSError as error:
        raise AutograderError(
            f"cannot write the results ({error.strerror})",
            str(target),
            "free some space, or choose another folder with --out",
        ) from None
    return target
