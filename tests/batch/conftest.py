"""Runs over a small class with a judge that is none: it says what stands in a submission."""

from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.batch.class_run import ClassRun
from autograder.datasets import Data
from autograder.grading.cache_keys import make_cache_keys
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.item_records import unread_item, written_item
from autograder.grading.judge import submission_record
from autograder.grading.run_data import RunData
from autograder.intake import HandIn
from autograder.results.gradings import Gradings
from autograder.submission import Submission

ISOLATION = {"mode": "docker", "layers": {}}


class Nobody:
    """Watches a run and does not mind."""

    def begin(self, name, item_id): ...
    def finish(self, name): ...
    def skip(self, name): ...


def judge(task):
    """The record of a task: what stands in shapes/area.py is the status of each of its items."""
    config = task.config
    status = (task.submission.path / "shapes/area.py").read_text().strip()
    items = []
    for item in config.assignment.items:
        if item.id in config.wanted and item.kind == "written":
            items.append(written_item(item))
        elif item.id in config.wanted:
            record = unread_item(item, "", status)
            items.append(replace(record, score=item.points) if status == "passed" else record)
    return submission_record(task.submission.name, items, config.seed, 1.0, config.isolation)


class Class:
    """A class whose submissions lie in a folder."""

    def __init__(self, course):
        self.course, self.folder = course, course / "results"
        self.submissions = course / "in"

    def submit(self, name, status="passed"):
        file = self.submissions / name / "shapes/area.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(status)

    def change(self, file, old, new):
        path = self.course / "assignment/tiny" / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))

    def grade(
        self, *, regrade=False, items=None, seed=1, judge=judge, stop_after=None, seed_of=None
    ):
        """Run over the class; returns the run, with what was judged as `run.judged`."""
        assignment = load_assignment(self.course, "tiny")
        wanted = tuple(items or (item.id for item in assignment.items))
        gradings = Gradings(self.folder, "tiny")
        try:
            config = GradingConfig(
                assignment, wanted, seed, SandboxPolicy("docker"), ISOLATION, self.folder
            )
            cache_keys = make_cache_keys(config, RunData(Data(), {}, ()))
            gradings.begin_run(cache_keys.hash, cache_keys.parts, "host", 1, regrade)
            places = sorted(self.submissions.iterdir())
            hand_ins = deque(HandIn(Submission(place.name, place)) for place in places)
            run = ClassRun(
                config, cache_keys, hand_ins, gradings, self.folder, regrade, Nobody(), seed_of
            )
            run.judged = {}
            run.fill(2)
            while run.tasks and len(run.judged) != stop_after:
                task = run.tasks.popleft().ready()
                run.judged[task.submission.name] = task.config.wanted
                run.take(judge(task))
                run.fill(2)
            run.first = gradings.first_unfinished()
            if stop_after is None:
                gradings.end_run()
            return run
        finally:
            gradings.close()

    def open(self):
        return Gradings(self.folder, "tiny")

    def scores(self):
        """The status of each item of each submission, as kept."""
        gradings = self.open()
        found = {name: gradings.latest(name).record for name in gradings.names()}
        gradings.close()
        return {
            name: {item.id: item.status for item in record.items} for name, record in found.items()
        }

    def written(self):
        """All files that students and instructors read, with the moment of their last change."""
        return {
            path.relative_to(self.folder): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(Path(self.folder).rglob("*.json"))
        }


@pytest.fixture
def group(course):
    """A class of three."""
    group = Class(course)
    for name, status in (("ada", "passed"), ("bob", "failed"), ("eve", "passed")):
        group.submit(name, status)
    return group
