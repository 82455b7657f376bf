"""The stage of an attack: a course with secrets in its hidden tests, and a real grading of it.

The grading runs in a process of its own, so that an attack that kills the grader fails its test
and not the test run.
"""

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import string
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import load_assignment
from autograder.grading.seeding import KEY_FILE, keep_key

from . import honest, secret_notebook
from .corpus import TIMEOUT_S
from .secret_course import make_course

HERE = Path(__file__).parent

GRADING_SECONDS = {"tiny": 60.0, "noted": 120.0}
"""Two gradings with all their time limits used up take 20, with a notebook 60."""
LIMITED_ITEMS = 3
"""Items of an attack that longer time limits may make longer."""
GRADER_MEMORY = 3 * 2**30
"""Address space of grader and judges; an answer of the largest size fits twice."""
WORKER_MEMORY = 2**30
"""What the processes of a worker may use together; small, so that attacks can be small."""
SEED = 1


class Stage:
    """A folder under /tmp that student code can reach: course, submissions, results.

    Everything in it may be read by everybody, as in a plain checkout, but for the results.
    """

    def __init__(self, solutions):
        self.mark = "mark" + "".join(random.SystemRandom().choices(string.ascii_lowercase, k=10))
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.mark}-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.work = self.folder / "work"
        self.work.mkdir()
        self.results = self.folder / "results"
        self.results.mkdir(mode=0o700)
        keep_key(self.results)
        self.data = self.folder / "data"
        self.solution = self.folder / "solution"
        self.course = self.folder / "course"
        self.assignment = ""
        self.seconds = 0.0
        self._solutions = solutions

    def close(self):
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def set_course(self, secrets, assignment="tiny", timeout_s=TIMEOUT_S):
        """Put a course with these secrets into the stage, and the complete solution."""
        self.assignment = assignment
        self.seconds = GRADING_SECONDS[assignment] + LIMITED_ITEMS * (timeout_s - TIMEOUT_S)
        make_course(self.course, secrets, timeout_s)
        shutil.rmtree(self.solution, ignore_errors=True)
        shutil.copytree(self._solutions["tiny"], self.solution)
        if assignment == "noted":
            shutil.copytree(self._solutions["noted"], self.solution, dirs_exist_ok=True)
            self.dataset = secret_notebook.make_data(self.data)
            secret_notebook.make_claims(self.solution, self.dataset, right=True)

    def submission(self, attack):
        """Make the attack's submission; returns its path."""
        folder = self.folder / "attack"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        files = {
            str(file.relative_to(self.solution)): file.read_bytes()
            for file in sorted(self.solution.rglob("*.py"))
        }
        files["shapes/tools.py"] = self._filled(HERE / "tools.py").encode()
        if attack.course == "noted":
            secret_notebook.make_claims(folder, self.dataset, right=False)
            files["shapes/area.py"] = honest.RIGHT_AREA.encode()
            text = '"""""" ' if attack.builds else self._fill(attack.text)
            files["squares.ipynb"] = honest.notebook(honest.cells_of(text))
        else:
            text = "" if attack.builds else self._fill(attack.text)
            files["shapes/area.py"] = honest.completed(text).encode()
        if attack.builds:
            return Path(attack.loaded().build(folder, files))
        write_files(folder, files)
        return folder

    def _filled(self, file):
        return self._fill(file.read_text(encoding="utf-8"))

    def _fill(self, text):
        """Tell the attacker more than could be guessed: the paths of everything."""
        key = str(int.from_bytes(self.mark[-4:].encode(), "little") & 0x7FFFFFFF)
        values = {"MARK": self.mark, "RESULTS": str(self.results), "COURSE": str(self.course),
                  "SUBMISSIONS": str(self.folder), "KEY": key, "GRADER_UID": str(os.getuid()),
                  "TESTRUN": str(os.getpid()), "SEED_KEY_SHA256": self._key_sha256()}  # fmt: skip
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        return text

    def _key_sha256(self):
        """By this an attack knows the key of the seeds when it has found it."""
        places = (self.results / KEY_FILE, self.course.parent / KEY_FILE)
        place = next((place for place in places if place.exists()), None)
        return hashlib.sha256(place.read_bytes()).hexdigest() if place else ""


def write_files(folder, files):
    """Write a submission's files."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


@dataclass(frozen=True)
class Outcome:
    """What came out of a grading.

    Attributes:
        code: exit code of the grader, negative where a signal ended it, None where it hung.
        records: the records as plain dicts, in the order of the submissions.
        files: results.json of each submission, as bytes.
        pages: what `autograder report` has made, by the path in the results folder.
        printed: what the grader wrote to stdout and stderr.
        table: what an instructor sees on a terminal.
        seconds: how long it took.
        trouble: the traceback of a grader that failed.
    """

    code: int | None
    records: list
    files: list
    pages: dict
    printed: str
    table: str
    seconds: float
    trouble: str


def run_grading(stage, paths, jobs=1):
    """Grade the submissions in a process of its own."""
    for old in stage.results.iterdir():
        if old.name != KEY_FILE:
            shutil.rmtree(old, ignore_errors=True)
    started = time.monotonic()
    report = stage.folder / "report.json"
    report.unlink(missing_ok=True)
    grader = os.fork()
    if grader == 0:
        try:
            _grade_and_report(stage, paths, jobs, report)
        except BaseException:
            (stage.folder / "trouble").write_text(traceback.format_exc())
            os._exit(70)
        os._exit(0)
    code = _wait(grader, started + stage.seconds)
    told = json.loads(report.read_text()) if report.exists() else {}
    names = told.get("names", [])
    trouble = stage.folder / "trouble"
    return Outcome(
        code=code,
        records=told.get("records", []),
        files=[(stage.results / name / "results.json").read_bytes() for name in names],
        pages={
            str(page.relative_to(stage.results)): page.read_text()
            for page in sorted(stage.results.rglob("*.html"))
        },
        printed=(stage.folder / "printed").read_text(errors="replace"),
        table=told.get("table", ""),
        seconds=time.monotonic() - started,
        trouble=trouble.read_text() if trouble.exists() else "",
    )


def _wait(process, until):
    while time.monotonic() < until:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None


def _address_space():
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * resource.getpagesize()


def _grade_and_report(stage, paths, jobs, report):
    """The grader: what `autograder grade` does, up to the tables."""
    os.setsid()
    with open(stage.folder / "printed", "wb", 0) as printed:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    # Beside what this process has of the tests, such as PyTorch.
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + GRADER_MEMORY, hard))
    os.chdir(stage.work)
    tempfile.tempdir = str(stage.work)
    os.environ["AUTOGRADER_DATA"] = str(stage.data)
    from autograder.grading import submission_dir
    from autograder.grading.session import GradingRequest, GradingSession
    from autograder.results import to_dict, write_results
    from autograder.submission import find_submissions

    submission_dir.MEMORY_BYTES = WORKER_MEMORY
    assignment = load_assignment(stage.course, stage.assignment)
    submissions = find_submissions(paths)
    request = GradingRequest(assignment, seed=SEED, results=stage.results, jobs=jobs)
    key = keep_key(stage.results)  # in the memory of the grader, as it is in a real grading
    by_name = {}
    with GradingSession.open(request) as session:
        for record in session.grade(submissions):
            write_results(stage.results, record)
            by_name[record.name] = record
    records = [by_name[submission.name] for submission in submissions]
    if stage.assignment == "noted":
        _make_pages(stage)
    assert keep_key(stage.results).secret == key.secret
    told = {
        "names": [record.name for record in records],
        "records": [to_dict(record) for record in records],
        "table": _table(records),
    }
    sys.stdout.flush()
    sys.stderr.flush()
    report.write_text(json.dumps(told))


def _make_pages(stage):
    """What `autograder report` does, without PDFs."""
    from autograder.report import Wishes, make_report

    make_report(stage.results, Wishes(stage.assignment, pdfs=False))


def _table(records):
    import io

    from rich.console import Console

    from autograder.results.table import show_records

    out = io.StringIO()
    show_records(records, Console(file=out, width=100, highlight=False))
    return out.getvalue()
