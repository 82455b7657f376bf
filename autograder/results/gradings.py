"""Keep every grading of a results folder: what was graded, what it depended on, and the result."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Row
from typing import Any

from autograder.errors import AutograderError
from autograder.results.database import Database
from autograder.results.record import SubmissionRecord
from autograder.results.record_json import from_dict


@dataclass(frozen=True)
class Grading:
    """One grading of a submission.

    Attributes:
        record: the result.
        submission: hash of what was handed in.
        bundle: hash of what the grading depends on.
        device: the device it ran on.
        keys: for each auto item a hash of what its outcome depends on apart from the
            submission.
        judged_in: for each item the number of the grading in which it was judged; 0 means this
            grading.
        id: its number.
    """

    record: SubmissionRecord
    submission: str
    bundle: str
    device: str
    keys: Mapping[str, str]
    judged_in: Mapping[str, int]
    id: int = 0


@dataclass(frozen=True)
class HandInRow:
    """A hand-in as it is stored: its submission, students and time.

    Attributes:
        name: the submission's name.
        students: `{"id", "name", "email"}` of each.
        submitted_at: ISO time; "" where it is unknown.
        late: None where it is unknown.
        sequence: of two hand-ins without times, the later one has the higher number.
        unclear: why the owner is unknown; "" where the owner is known.
        origin: what identifies the hand-in in its place.
        place: where the hand-in was found.
    """

    name: str
    students: tuple[Mapping[str, str], ...]
    submitted_at: str
    late: bool | None
    sequence: int | None
    unclear: str = ""
    origin: str = ""
    place: str = ""


class Gradings:
    """The gradings of one assignment in one results folder.

    Args:
        folder: the results folder.
        assignment: the id of the assignment.

    Raises:
        AutograderError: another run writes there, the folder is another assignment's, or it cannot
            be written.
    """

    def __init__(self, folder: Path, assignment: str) -> None:
        self._database = Database(folder)
        try:
            there = self._about("assignment", assignment)
            if there != assignment:
                raise AutograderError(
                    f"these are results of '{there}'", str(folder), "choose a folder with --out"
                )
        except BaseException:
            self.close()
            raise
        self._run = 0

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def seeds(self) -> dict[str, int]:
        """Return the seed of each last grading, by the hash of the collected files."""
        query = "SELECT collected, seed FROM gradings WHERE collected != '' ORDER BY id"
        return {row["collected"]: row["seed"] for row in self._database.rows(query)}

    def begin_run(
        self, bundle: str, parts: Mapping[str, str], host: str, jobs: int, regrade: bool
    ) -> None:
        """Record that a run begins; the gradings that follow belong to it."""
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO runs (started_at, regrade, bundle, parts, host, jobs) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (_now(), regrade, bundle, json.dumps(dict(parts)), host, jobs),
            )
            self._run = int(cursor.lastrowid or 0)

    def end_run(self) -> None:
        """Record that the run has done all that it was asked for."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE runs SET ended_at = ? WHERE id = ?", (_now(), self._run))

    def first_unfinished(self) -> int:
        """Return the first of the killed runs, under the same bundle, that this one continues."""
        runs = list(self._database.rows("SELECT * FROM runs ORDER BY id DESC"))
        first = self._run
        for run in runs[1:]:
            same = (run["bundle"], run["regrade"]) == (runs[0]["bundle"], runs[0]["regrade"])
            if run["ended_at"] is not None or not same:
                break
            first = run["id"]
        return first

    def put(self, grading: Grading) -> None:
        """Add a grading, whole or not at all."""
        record = grading.record
        with self._database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO gradings (name, submission, run, bundle, score, possible, seed, "
                "device, isolation, versions, collected, notices, seconds, ended_at, brought, "
                "code) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    record.name, grading.submission, self._run, grading.bundle, record.score,
                    record.possible, record.seed, grading.device, json.dumps(record.isolation),
                    json.dumps(record.versions), record.sha256, json.dumps(record.notices),
                    record.seconds, _now(), json.dumps(record.brought), record.code_sha256,
                ),
            )  # fmt: skip
            number = int(cursor.lastrowid or 0)
            connection.executemany(
                "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        number, place, item.id, item.problem, item.title, item.points, item.score,
                        item.status, item.visibility, _text(item.message),
                        _text(item.student_message),
                        json.dumps([asdict(test) for test in item.tests]),
                        grading.keys.get(item.id, ""), grading.judged_in.get(item.id) or number,
                        json.dumps(item.measured), int(item.extra),
                    )
                    for place, item in enumerate(record.items)
                ],
            )  # fmt: skip

    def find(self, name: str, submission: str) -> Grading | None:
        """Return the last grading of a submission with exactly this content, or None."""
        return self._one("name = ? AND submission = ?", name, submission)

    def find_code(self, name: str, code: str) -> Grading | None:
        """Return the last grading of a submission of which only words may differ, or None.

        Args:
            name: the submission's name.
            code: its `code_sha256`.
        """
        return self._one("name = ? AND code = ?", name, code) if code else None

    def latest(self, name: str, before_run: int | None = None) -> Grading | None:
        """Return the last grading of a submission by its name.

        Args:
            name: the submission's name.
            before_run: leave out this run and those after it.
        """
        if before_run is None:
            return self._one("name = ?", name)
        return self._one("name = ? AND run < ?", name, before_run)

    def is_latest(self, grading: Grading) -> bool:
        """Return whether no submission of the same name was graded after it."""
        query = "SELECT 1 FROM gradings WHERE name = ? AND id > ? LIMIT 1"
        return not list(self._database.rows(query, grading.record.name, grading.id))

    def changed_since(self, run: int) -> list[str]:
        """Return the names of the submissions that were graded in a run or after it, sorted."""
        query = "SELECT DISTINCT name FROM gradings WHERE run >= ? ORDER BY name"
        return [row["name"] for row in self._database.rows(query, run)]

    def names(self) -> list[str]:
        """Return the names of all submissions that were ever graded here, sorted."""
        rows = self._database.rows("SELECT DISTINCT name FROM gradings ORDER BY name")
        return [row["name"] for row in rows]

    def parts_of(self, bundle: str) -> dict[str, str]:
        """Return what a bundle was made of, as names and hashes; empty where it is unknown."""
        query = "SELECT parts FROM runs WHERE bundle = ? LIMIT 1"
        return {
            key: value
            for row in self._database.rows(query, bundle)
            for key, value in json.loads(row["parts"]).items()
        }

    def put_hand_ins(self, hand_ins: Iterable[HandInRow]) -> None:
        """Store hand-ins; earlier rows of the same names are replaced."""
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO hand_ins VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (one.name, json.dumps([dict(who) for who in one.students]),
                     one.submitted_at or None, one.late, one.sequence, one.unclear,
                     _text(one.origin), _text(one.place))
                    for one in hand_ins
                ],
            )  # fmt: skip

    def hand_ins(self) -> Iterator[HandInRow]:
        """Yield the stored hand-ins, sorted by their names."""
        for row in self._database.rows("SELECT * FROM hand_ins ORDER BY name"):
            late = None if row["late"] is None else bool(row["late"])
            students = tuple(json.loads(row["students"]))
            yield HandInRow(
                row["name"], students, row["submitted_at"] or "", late, row["sequence"],
                row["unclear"], row["origin"], row["place"],
            )  # fmt: skip

    def _about(self, key: str, proposed: str) -> str:
        with self._database.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO about VALUES (?, ?)", (key, proposed))
        [row] = self._database.rows("SELECT value FROM about WHERE key = ?", key)
        return str(row["value"])

    def _one(self, where: str, *values: object) -> Grading | None:
        query = f"SELECT * FROM gradings WHERE {where} ORDER BY id DESC LIMIT 1"
        found = list(self._database.rows(query, *values))
        if not found:
            return None
        query = "SELECT * FROM items WHERE grading = ? ORDER BY place"
        items = list(self._database.rows(query, found[0]["id"]))
        return _grading(found[0], items)


def _grading(row: Row, items: list[Row]) -> Grading:
    data: dict[str, Any] = {
        key: row[key] for key in ("name", "score", "possible", "seconds", "seed")
    }
    for key in ("isolation", "versions", "notices", "brought"):
        data[key] = json.loads(row[key])
    data |= {"sha256": row["collected"], "code_sha256": row["code"]}
    data["items"] = [
        {key: item[key] for key in set(item.keys()) - {"grading", "place", "key", "judged_in"}}
        | {"tests": json.loads(item["tests"]), "measured": json.loads(item["measured"])}
        | {"extra": bool(item["extra"])}
        for item in items
    ]
    return Grading(
        from_dict(data),
        row["submission"],
        row["bundle"],
        row["device"],
        {item["id"]: item["key"] for item in items if item["key"]},
        {item["id"]: item["judged_in"] for item in items},
        row["id"],
    )


def _text(text: str) -> str:
    """Write lone surrogates as escapes, as `plain_text` does: UTF-8 cannot encode them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
