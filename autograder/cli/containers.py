"""`autograder grade --isolation docker`: each submission in a container of its own."""

from collections import deque
from pathlib import Path

from autograder.assignment import Assignment
from autograder.cli.progress import progress
from autograder.container.host import grade_in_containers, prepare
from autograder.grading.batch import Task
from autograder.results import (
    SubmissionRecord,
    grade_document,
    write_grade_document,
    write_results,
)
from autograder.submission import Submission


def grade_with_docker(
    assignment: Assignment,
    submissions: list[Submission],
    wanted: tuple[str, ...],
    seed: int,
    jobs: int,
    folder: Path,
    mode: str,
    insecure: bool,
    full: bool,
) -> list[SubmissionRecord]:
    """Grade, write each submission's results as soon as they are there, keep the given order."""
    assert mode == "docker"
    run = prepare(assignment, wanted, seed, insecure, folder, full)
    tasks = deque(Task(run.order, submission) for submission in submissions)
    by_name: dict[str, SubmissionRecord] = {}
    with progress(len(submissions), len(run.order.auto_wanted)) as bar:
        for record in grade_in_containers(run, tasks, jobs, bar.begin):
            write_results(folder, record)
            by_name[record.name] = record
            bar.finish(record.name)
    records = [by_name[submission.name] for submission in submissions]
    write_grade_document(folder, grade_document(assignment.id, records))
    return records
