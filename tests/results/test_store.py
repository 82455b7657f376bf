"""Results are on disk whole or not at all."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AutograderError
from autograder.results import (
    from_dict,
    grade_document,
    gradescope_document,
    json_text,
    validate_results,
    write_grade_document,
    write_results,
)

from .builders import make_item, make_record

RECORD = make_record([make_item(message="∂ᵀ")], name="anna")


def test_results_lie_under_the_submissions_name(tmp_path: Path) -> None:
    path = write_results(tmp_path / "results" / "tiny", RECORD)
    assert path == tmp_path / "results" / "tiny" / "anna" / "results.json"
    assert json.loads(path.read_bytes()) == gradescope_document(RECORD)
    assert validate_results(path.read_bytes()) == []
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_record_lies_there_too_for_its_owner_only(tmp_path: Path) -> None:
    path = write_results(tmp_path, RECORD).with_name("record.json")
    assert from_dict(json.loads(path.read_bytes())) == RECORD
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_grade_document_lies_beside_them(tmp_path: Path) -> None:
    document = grade_document("tiny", [RECORD])
    path = write_grade_document(tmp_path, document)
    assert path == tmp_path / "grade.json"
    assert json.loads(path.read_text("ascii")) == document


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "grade.json", "", ".", "a\0b"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "results"
    path = write_results(folder, make_record([make_item()], name=name))
    assert path.parent.parent == folder
    write_grade_document(folder, {})


def test_writing_again_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_results(tmp_path, RECORD)
    path = write_results(tmp_path, make_record([make_item("p1-b", status="failed")], name="anna"))
    assert json.loads(path.read_bytes())["score"] == 0.0
    assert sorted(path.parent.iterdir()) == [path.with_name("record.json"), path]


def test_a_signal_right_after_a_file_got_its_name_leaves_it_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = os.replace

    def replace_and_stop(*names: str) -> None:
        original(*names)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", replace_and_stop)
    with pytest.raises(KeyboardInterrupt):
        write_results(tmp_path, RECORD)
    [path] = tmp_path.rglob("*.json")
    assert json.loads(path.read_bytes()) == gradescope_document(RECORD)


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = write_results(tmp_path, RECORD)
    before = path.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, call, full)
    with pytest.raises(AutograderError, match="No space left on device") as error:
        write_results(tmp_path, make_record([], name="anna"))
    assert str(path) in str(error.value)
    assert "--out" in str(error.value)
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == [path.with_name("record.json"), path]


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AutograderError, match="cannot write the results"):
        write_results(tmp_path / "file", RECORD)
    with pytest.raises(AutograderError, match="cannot write the results"):
        write_grade_document(tmp_path / "file" / "inner", {})


def test_json_is_ascii_and_never_nan() -> None:
    assert json_text({"a": "∂\ud800"}) == '{\n  "a": "\\u2202\\ud800"\n}\n'
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"a": float("nan")})
