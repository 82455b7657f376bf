"""What is about students is whole, and for its owner only."""

import errno
import os

import pytest

from autograder.errors import AutograderError
from autograder.results.private import write_private


def test_a_file_is_written_as_it_is_for_its_owner_only(tmp_path):
    target = tmp_path / "inner" / "gradebook.csv"
    write_private(target, "a,b\r\nÄ,2\r\n")
    assert target.read_bytes() == "a,b\r\nÄ,2\r\n".encode()
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_could_read_is_replaced_by_one_they_cannot(tmp_path):
    target = tmp_path / "index.html"
    target.write_text("old")
    target.chmod(0o644)
    write_private(target, "new")
    assert target.read_text() == "new" and target.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_the_old_file_whole_and_no_rest(tmp_path, monkeypatch):
    target = tmp_path / "index.html"
    write_private(target, "old")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(AutograderError, match=r"No space left on device.*index\.html"):
        write_private(target, "new")
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]
