"""A class that nobody has taught: records of N submissions, drawn from one seed.

Each student has an ability, each item a difficulty; who is able passes more. Items, problems,
points, tests and their titles are those of a real assignment. The same seed gives the same class.

    python benchmarks/made_up_class.py hw1 build/class 500
"""

import json
import math
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.assignment import Assignment, Item, find_course, load_assignment
from autograder.results import (
    ItemRecord,
    SubmissionRecord,
    TestRecord,
    json_text,
    to_dict,
    totals,
    write_grade_document,
)
from autograder.results.private import write_private
from autograder.results.store import RECORD_FILE

LAYERS = {"process": "active", "rlimits": "active", "seccomp": "active", "policy": "enforced"}
FIRST = "Ada Bo Chen Dana Emre Fatima Goran Hana Igor Jun Kwame Lena Miguel Nadia Olu Paz".split()
LAST = "Abe Berg Cruz Dorn Eze Fox Gül Haddad Ito Jonas Khan Lund Mbeki Núñez Okoye Park".split()


def made_up_records(
    assignment: Assignment, count: int, seed: int = 1
) -> Iterator[SubmissionRecord]:
    """Yield the records of a class."""
    draw = random.Random(seed)
    difficulty = {item.id: draw.gauss(-0.6, 0.9) for item in assignment.items}
    for number in range(count):
        ability = draw.gauss(0.0, 1.0)
        items = tuple(
            _item(assignment, item, ability - difficulty[item.id], draw)
            for item in assignment.items
        )
        score, possible = totals(items)
        yield SubmissionRecord(
            name=f"s{number:04d}",
            score=score,
            possible=possible,
            seconds=round(draw.uniform(15, 40), 3),
            seed=seed,
            isolation={"mode": "docker", "layers": LAYERS},
            items=items,
            notices=("conftest.py was left out",) if number % 50 == 7 else (),
            sha256=f"{number:064x}",
            versions={"autograder": "0.1.0"},
        )


def made_up_students(count: int) -> list[dict[str, object]]:
    """Return what the intake would know of them: every tenth is late, s0001 has a group."""
    return [
        {
            "student": f"n{number:04d}",
            "name": f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}",
            "email": f"n{number:04d}@example.edu",
            "group": [],
            "submission": f"s{number:04d}",
            "submitted_at": f"2026-11-{number % 20 + 1:02d}T12:00:00+00:00",
            "late": number % 10 == 9,
            "superseded": [],
        }
        for number in range(count)
    ]


def write_class(assignment: Assignment, folder: Path, count: int, seed: int = 1) -> None:
    """Write of a results folder what reports are made of; nothing waits for the disk."""
    for record in made_up_records(assignment, count, seed):
        write_private(folder / record.name / RECORD_FILE, json_text(to_dict(record)))
    write_grade_document(folder, {"schema": "autograder.grade/1", "assignment": assignment.id,
                                  "submissions": []})  # fmt: skip
    students = {"schema": "autograder.students/1", "students": made_up_students(count)}
    (folder / "students.json").write_text(json.dumps(students), encoding="utf-8")


def _item(assignment: Assignment, item: Item, advantage: float, draw: random.Random) -> ItemRecord:
    if item.kind == "written":
        return _record(item, (), "awaiting_manual", 0.0)
    chance = 1 / (1 + math.exp(-1.5 * advantage))
    fate = draw.random()
    tests = []
    for test in assignment.tests_of(item.id):
        status = "passed" if draw.random() < chance else "failed"
        status = {0: "grader_error", 1: "timeout", 2: "crashed"}.get(int(fate * 700), status)
        if chance < 0.2 and fate > 0.5:
            status = "not_attempted"
        message, shown = _words(item, status, test.hidden, draw)
        seconds = round(0.004 * math.exp(draw.gauss(0, 0.6)) * (1 + 9 * (item.timeout_s > 10)), 6)
        tests.append(
            TestRecord(test.name, test.title, status, message, shown, test.hidden, seconds)
        )
    statuses = {test.status for test in tests}
    share = sum(test.status == "passed" for test in tests) / len(tests)
    status = next((one for one in ("grader_error", "timeout", "crashed") if one in statuses), "")
    if not status:
        status = "passed" if share == 1 else "partial" if share else min(statuses)
    score = 0.0 if status == "grader_error" else round(item.points * share, 2)
    return _record(item, tuple(tests), status, score)


def _words(item: Item, status: str, hidden: bool, draw: random.Random) -> tuple[str, str]:
    """What is said to the instructor, and to the student."""
    place = f"{item.problem}/{item.id.replace('-', '_')}.py"
    if status == "failed":
        kind = draw.choice(
            ("the mean where a sum belongs", "axis 0 in place of axis 1", "", "raise")
        )
        if kind == "raise":
            line = f"  {place}, line {draw.randint(5, 90)}, in forward: Z = X @ self.W + self.b"
            words = f"{item.title} raised ValueError: shapes do not fit\n{line}"
            return words, "your code raised an exception in a hidden check" if hidden else words
        words = (
            f"{item.title} has wrong values in {draw.randint(1, 12)} of 12 entries; the worst, at "
            f"[0, 1]: got {draw.uniform(-3, 3):.6g}, expected {draw.uniform(-3, 3):.6g}"
        )
        words += f"\n  hint: {kind}" if kind else ""
        seen = f"a hidden check failed; hint: {kind}" if kind else "a hidden check failed"
        return words, seen if hidden else words
    words = {
        "timeout": f"your code was still running when the time limit of this item, "
        f"{item.timeout_s:g} s, was up",
        "crashed": "your code was stopped: it used more than 4 GiB of memory",
        "grader_error": "RuntimeError at test.py:12: a defect of the rubric",
        "not_attempted": f"{item.id}: write it in {place}",
    }.get(status, "")
    return words, "the grader failed here, not your code" if status == "grader_error" else words


def _record(item: Item, tests: Sequence[TestRecord], status: str, score: float) -> ItemRecord:
    return ItemRecord(
        item.id, item.problem, item.title, item.points, score, status,
        "\n".join(dict.fromkeys(test.message for test in tests if test.message)),
        "\n".join(dict.fromkeys(test.student_message for test in tests if test.student_message)),
        item.visibility or "visible", tuple(tests),
    )  # fmt: skip


if __name__ == "__main__":
    name, target, size = sys.argv[1:]
    write_class(load_assignment(find_course(Path.cwd()), name), Path(target), int(size))
