"""Store every grading of a results folder in one SQLite file, with one writer at a time.

    runs        each call of the command: when, where, with what
    hand_ins    each submission by its name: its students, and when it was handed in
    gradings    each time that a submission was graded, and what for; none is ever changed
    items       what each item earned in a grading, and in which grading it was really judged

The file is in write-ahead mode, so that reports can read while a run writes. A transaction that was
committed survives whenever the process is killed; one that was not committed leaves no trace.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import AutograderError

DATABASE_FILE = "gradings.sqlite"
_LOCK_FILE = "gradings.lock"
_APPLICATION_ID = 0x47524144

# Each turns the previous version of the file into the next one; none is ever edited.
MIGRATIONS = [
    """
    CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, regrade INTEGER NOT NULL,
        bundle TEXT NOT NULL, parts TEXT NOT NULL, host TEXT NOT NULL, jobs INTEGER NOT NULL
    );
    CREATE TABLE hand_ins (
        name TEXT PRIMARY KEY, students TEXT NOT NULL, submitted_at TEXT, late INTEGER,
        sequence INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE gradings (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, submission TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs (id), bundle TEXT NOT NULL,
        score REAL NOT NULL, possible REAL NOT NULL, seed INTEGER NOT NULL, device TEXT NOT NULL,
        isolation TEXT NOT NULL, versions TEXT NOT NULL, collected TEXT NOT NULL,
        notices TEXT NOT NULL, seconds REAL NOT NULL, ended_at TEXT NOT NULL
    );
    CREATE INDEX gradings_by_name ON gradings (name, id);
    CREATE TABLE items (
        grading INTEGER NOT NULL REFERENCES gradings (id), place INTEGER NOT NULL,
        id TEXT NOT NULL, problem TEXT NOT NULL, title TEXT NOT NULL, points REAL NOT NULL,
        score REAL NOT NULL, status TEXT NOT NULL, visibility TEXT NOT NULL, message TEXT NOT NULL,
        student_message TEXT NOT NULL, tests TEXT NOT NULL, key TEXT NOT NULL,
        judged_in INTEGER NOT NULL REFERENCES gradings (id),
        PRIMARY KEY (grading, place)
    ) WITHOUT ROWID;
    """,
    "ALTER TABLE items ADD COLUMN measured TEXT NOT NULL DEFAULT '{}';",
    """
    ALTER TABLE hand_ins ADD COLUMN unclear TEXT NOT NULL DEFAULT '';
    ALTER TABLE hand_ins ADD COLUMN origin TEXT NOT NULL DEFAULT '';
    ALTER TABLE hand_ins ADD COLUMN place TEXT NOT NULL DEFAULT '';
    """,
    "ALTER TABLE gradings ADD COLUMN brought TEXT NOT NULL DEFAULT '[]';",
    "ALTER TABLE items ADD COLUMN extra INTEGER NOT NULL DEFAULT 0;",
    "ALTER TABLE gradings ADD COLUMN code TEXT NOT NULL DEFAULT '';",
]


class Database:
    """The file, opened for writing; no other process can open it for writing meanwhile.

    Processes that are forked from this one must not use it. They do not have to close it: the lock
    belongs to this process alone.

    Args:
        folder: the results folder; it is created if it does not exist.

    Raises:
        AutograderError: another run writes there, or the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / DATABASE_FILE
        with _told(self.file):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(folder / _LOCK_FILE)
        try:
            with _told(self.file):
                # Some of its content is for instructors only.
                os.close(os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
                self._connection = _open(self.file)
        except BaseException:
            os.close(self._lock)
            raise

    def close(self) -> None:
        """Close the file, and release its lock."""
        self._connection.close()
        os.close(self._lock)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction: all of its changes are written, or none.

        Raises:
            AutograderError: it cannot be written; nothing has changed.
        """
        with _told(self.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: object) -> Iterator[sqlite3.Row]:
        """Yield the rows that a query finds."""
        with _told(self.file):
            yield from self._connection.execute(query, values)


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, timeout=10.0)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut as well
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection, file)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, file: Path) -> None:
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found > len(MIGRATIONS):
        raise AutograderError(
            f"these gradings were made by a newer autograder (form {found}, this one knows "
            f"{len(MIGRATIONS)})",
            str(file),
            "use that one, or another folder with --out",
        )
    for number, statements in enumerate(MIGRATIONS[found:], found + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {statements}; PRAGMA user_version = {number};"
            f"PRAGMA application_id = {_APPLICATION_ID}; COMMIT"
        )


def _lock(file: Path) -> int:
    """Lock a file as long as this process lives; a fork of it does not hold the lock."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise AutograderError(
            "another run of autograder writes here", str(file.parent), "wait for it, or end it"
        ) from None
    return descriptor


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the operating system into an `AutograderError`."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise AutograderError(
            f"cannot keep the gradings ({reason})",
            str(file),
            "free some space or choose another folder with --out, then run the same command "
            "again: it goes on where this one stopped",
        ) from None
