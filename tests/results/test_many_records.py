"""The document of many records is the same, written one at a time."""

from pathlib import Path

import pytest

from autograder.atomic import UNFINISHED
from autograder.results import grade_document, json_text
from autograder.results.store import (
    RECORD_FILE,
    RESULTS_FILE,
    grade_pieces,
    has_results,
    sweep,
    write_grade_records,
    write_results,
)

from .builders import make_item, make_record

RECORDS = [make_record([make_item(message="∂ᵀ")], name=name) for name in ("anna", "bob", "eve")]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_piece_by_piece_it_is_the_same_text(tmp_path: Path, count: int) -> None:
    whole = json_text(grade_document("tiny", RECORDS[:count]))
    assert "".join(grade_pieces("tiny", iter(RECORDS[:count]))) == whole
    assert write_grade_records(tmp_path, "tiny", iter(RECORDS[:count])).read_text() == whole


@pytest.mark.parametrize("file", [RESULTS_FILE, RECORD_FILE])
def test_results_are_there_if_both_files_are_as_written(tmp_path: Path, file: str) -> None:
    assert not has_results(tmp_path, RECORDS[0])
    path = write_results(tmp_path, RECORDS[0]).with_name(file)
    assert has_results(tmp_path, RECORDS[0])
    path.write_bytes(path.read_bytes()[:-2])
    assert not has_results(tmp_path, RECORDS[0])
    path.unlink()
    assert not has_results(tmp_path, RECORDS[0])


def test_halves_of_files_are_swept_and_nothing_else(tmp_path: Path) -> None:
    path = write_results(tmp_path, RECORDS[0])
    halves = [
        path.parent / f".results.json.abcd1234{UNFINISHED}",
        tmp_path / f".grade.json.x{UNFINISHED}",
    ]
    for half in halves:
        half.write_text("{")
    (tmp_path / ".hidden.json").write_text("somebody's own")
    sweep(tmp_path)
    assert not any(half.exists() for half in halves)
    assert has_results(tmp_path, RECORDS[0])
    assert (tmp_path / ".hidden.json").exists()
