"""Nobody can find out later which of the files that workers are given have been read."""

import os

import pytest

from autograder.sandbox.access_times import note_no_reading

pytestmark = pytest.mark.repeated_without_root


def test_no_time_of_reading_changes(tmp_path):
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / "file"
    file.write_text("text")
    written = file.stat().st_mtime_ns
    note_no_reading(str(tmp_path))

    def times():
        return [path.stat().st_atime_ns for path in (tmp_path, tmp_path / "folder", file)]

    before = times()
    assert file.read_text() == "text"
    assert os.listdir(tmp_path) and os.listdir(tmp_path / "folder")
    assert times() == before
    assert file.stat().st_mtime_ns == written
