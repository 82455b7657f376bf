"""Gradings are kept whole or not at all, and what is kept comes back as it was."""

import errno
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AutograderError
from autograder.results import database
from autograder.results.database import DATABASE_FILE, MIGRATIONS, Database
from autograder.results.gradings import Grading, Gradings, HandInRow

from .builders import make_item, make_record, make_test

ITEMS = [
    make_item("p1-area", message="a\0b ∂", tests=(make_test(message="é"), make_test("test_b"))),
    make_item("p1-why", status="awaiting_manual"),
]
RECORD = make_record(ITEMS, name="anna", notices=("left out: `x`.",), seed=2**62 + 1)
KEYS = {"p1-area": "key of area"}


def grading(record: Any = RECORD, submission: str = "s1", **fields: Any) -> Grading:
    defaults: dict[str, Any] = {"bundle": "b1", "device": "a card", "keys": KEYS, "judged_in": {}}
    return Grading(record, submission, **(defaults | fields))


@pytest.fixture
def gradings(tmp_path: Path) -> Any:
    opened = Gradings(tmp_path, "tiny")
    opened.begin_run("b1", {"the rubric": "r1"}, "host", 2, regrade=False)
    yield opened
    opened.close()


def test_what_was_kept_comes_back(gradings: Gradings) -> None:
    gradings.put(grading())
    found = gradings.find("anna", "s1")
    assert found is not None
    assert found.record == RECORD
    assert (found.bundle, found.device, found.keys) == ("b1", "a card", KEYS)
    assert found.judged_in == {"p1-area": found.id, "p1-why": found.id}
    assert gradings.latest("anna") == found
    assert gradings.parts_of("b1") == {"the rubric": "r1"}


def test_halves_of_characters_are_spelt_out(gradings: Gradings) -> None:
    item = make_item(status="failed", message="got \ud800", student_message="\udfff")
    gradings.put(grading(make_record([item])))
    found = gradings.latest("anna")
    assert found is not None
    assert found.record.items[0].message == "got \\ud800"
    assert found.record.items[0].student_message == "\\udfff"


def test_another_submission_under_the_same_name_is_another_grading(gradings: Gradings) -> None:
    gradings.put(grading())
    second = make_record([make_item(status="failed")], name="anna")
    gradings.put(grading(second, "s2"))
    first, latest = gradings.find("anna", "s1"), gradings.latest("anna")
    assert first is not None and latest is not None
    assert (first.record, latest.record) == (RECORD, second)
    assert not gradings.is_latest(first) and gradings.is_latest(latest)
    assert gradings.find("anna", "s3") is None
    assert gradings.names() == ["anna"]


def test_a_kept_item_knows_where_it_was_judged(gradings: Gradings) -> None:
    gradings.put(grading())
    first = gradings.latest("anna")
    assert first is not None
    gradings.put(grading(judged_in={"p1-why": first.id}))
    second = gradings.latest("anna")
    assert second is not None
    assert second.judged_in == {"p1-area": second.id, "p1-why": first.id}


def test_the_last_seed_of_each_content_is_known(gradings: Gradings) -> None:
    assert gradings.seeds() == {}
    for name, content, seed in (
        ("anna", "aa", 1), ("ben", "bb", 2), ("anna", "aa", 3), ("cleo", "", 4),
    ):  # fmt: skip
        record = replace(RECORD, name=name, sha256=content, seed=seed)
        gradings.put(grading(record))
    assert gradings.seeds() == {"aa": 3, "bb": 2}


def test_a_regrade_that_was_killed_is_taken_up(tmp_path: Path) -> None:
    def begin(bundle: str, regrade: bool, end: bool = False) -> int:
        opened = Gradings(tmp_path, "tiny")
        opened.begin_run(bundle, {}, "host", 1, regrade)
        first = opened.first_unfinished()
        if end:
            opened.end_run()
        opened.close()
        return first

    assert begin("b1", regrade=False) == 1  # killed, but no regrade
    assert begin("b2", regrade=True) == 2  # killed
    assert begin("b2", regrade=True) == 2  # killed
    assert begin("b2", regrade=True, end=True) == 2
    assert begin("b2", regrade=True) == 5  # killed
    assert begin("b3", regrade=True) == 6


def test_whose_submissions_are_comes_back(gradings: Gradings) -> None:
    people = ({"id": "7", "name": "Ada", "email": ""}, {"id": "8", "name": "", "email": "g@x"})
    rows = [
        HandInRow("anna", people, "2026-10-01T12:00:00+00:00", None, 3),
        HandInRow("bob", (), "", True, None),
    ]
    gradings.put_hand_ins(rows)
    gradings.put_hand_ins([replace(rows[1], late=False)])
    assert list(gradings.hand_ins()) == [rows[0], replace(rows[1], late=False)]


def test_a_grading_is_kept_whole_or_not_at_all(gradings: Gradings) -> None:
    gradings.put(grading())
    broken = grading(judged_in={"p1-why": 999})  # there is no such grading
    with pytest.raises(AutograderError, match="cannot keep the gradings"):
        gradings.put(broken)
    [only] = gradings.names()
    latest = gradings.latest(only)
    assert latest is not None and latest.id == 1


def test_a_full_disk_is_told_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, connections = sqlite3.connect, []

    def connect_and_note(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connections.append(connect(*arguments, **options))
        return connections[-1]

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", connect_and_note)
        gradings = Gradings(tmp_path, "tiny")
    gradings.begin_run("b1", {}, "host", 1, regrade=False)
    [connection] = connections
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 6}")
    kept: list[str] = []

    def fill() -> None:
        for number in range(100):
            record = make_record([make_item(message="m" * 3000)], name=f"s{number:03}")
            gradings.put(grading(record))
            kept.append(record.name)

    with pytest.raises(AutograderError) as error:
        fill()
    for words in ("full", str(tmp_path), "free some space", "same command"):
        assert words in str(error.value)
    assert kept
    gradings.close()
    again = Gradings(tmp_path, "tiny")  # as after space was made
    assert again.names() == kept
    again.begin_run("b1", {}, "host", 1, regrade=False)
    again.put(grading())
    assert again.names() == ["anna", *kept]
    again.close()


def test_there_is_one_writer(gradings: Gradings, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from autograder.results.gradings import Gradings\n"
        "Gradings(Path(sys.argv[1]), 'tiny')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False
    )
    assert "another run of autograder writes here" in done.stderr
    reader = sqlite3.connect(tmp_path / DATABASE_FILE)
    assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    gradings.put(grading())
    assert reader.execute("SELECT name FROM gradings").fetchall() == [("anna",)]
    reader.close()


def test_a_fork_does_not_hold_the_lock(tmp_path: Path) -> None:
    gradings = Gradings(tmp_path, "tiny")
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(theirs)
        os.read(ours, 1)  # until this test has ended
        os._exit(0)
    os.close(ours)
    gradings.close()
    Gradings(tmp_path, "tiny").close()
    os.close(theirs)
    os.waitpid(child, 0)


def test_results_of_another_assignment_are_refused(tmp_path: Path) -> None:
    Gradings(tmp_path, "tiny").close()
    with pytest.raises(AutograderError, match="results of 'tiny'"):
        Gradings(tmp_path, "noted")
    Gradings(tmp_path, "tiny").close()  # the refusal has let go of the lock


def test_instructors_alone_may_read_it(gradings: Gradings, tmp_path: Path) -> None:
    gradings.put(grading())
    files = [*tmp_path.glob(f"{DATABASE_FILE}*")]
    assert tmp_path / DATABASE_FILE in files
    for file in files:
        assert file.stat().st_mode & 0o077 == 0, file


def test_an_older_form_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gradings = Gradings(tmp_path, "tiny")
    gradings.begin_run("b1", {}, "host", 1, regrade=False)
    gradings.put(grading())
    gradings.close()
    newer = [*MIGRATIONS, "ALTER TABLE runs ADD COLUMN by TEXT; UPDATE runs SET by = 'me';"]
    monkeypatch.setattr(database, "MIGRATIONS", newer)
    opened = Database(tmp_path)
    assert [row["by"] for row in opened.rows("SELECT by FROM runs")] == ["me"]
    assert [row["name"] for row in opened.rows("SELECT name FROM gradings")] == ["anna"]
    opened.close()
    Database(tmp_path).close()  # not a second time


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Gradings(tmp_path, "tiny").close()
    wrong = [*MIGRATIONS, "ALTER TABLE runs ADD COLUMN by TEXT; UPDATE no_table SET by = 1;"]
    with monkeypatch.context() as patched:
        patched.setattr(database, "MIGRATIONS", wrong)
        with pytest.raises(AutograderError, match="no such table"):
            Database(tmp_path)
    opened = Database(tmp_path)
    assert "by" not in {row["name"] for row in opened.rows("PRAGMA table_info(runs)")}
    opened.close()


def test_a_newer_form_is_refused(tmp_path: Path) -> None:
    Gradings(tmp_path, "tiny").close()
    connection = sqlite3.connect(tmp_path / DATABASE_FILE)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(AutograderError, match="newer autograder"):
        Gradings(tmp_path, "tiny")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"not a database, but long enough to be read" * 9)
    with pytest.raises(AutograderError, match=r"not a database.*gradings\.sqlite"):
        Gradings(tmp_path, "tiny")


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(AutograderError, match="No space left on device"):
        Gradings(tmp_path, "tiny")
