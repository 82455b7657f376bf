"""The stage of an attack: a course with secrets in its hidden tests, and a real grading of it.

The grading runs in a process of its own, so that an attack that kills the grader fails its test
and not the test run.
"""

import importlib.util
import json
import os
import random
import re
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

from .secret_course import make_course

HERE = Path(__file__).parent
ATTACKS = HERE / "attacks"

GRADING_SECONDS = 60.0
"""Two gradings with all their time limits used up take 20."""
GRADER_MEMORY = 3 * 2**30
"""Address space of grader and judges; an answer of the largest size fits twice."""
WORKER_MEMORY = 2**30
"""What the processes of a worker may use together; small, so that attacks can be small."""
SEED = 1

HONEST = {
    # What an attack that says nothing else hands in: one wrong function and one right one.
    "square": "\n\ndef square(x):\n    return 2 * x\n",
    "row_sums": "\n\ndef row_sums(X):\n    return X.sum(axis=1)\n",
}


@dataclass(frozen=True)
class Attack:
    """One file of the corpus, with what the lines `Key: value` of its docstring say.

    Attributes:
        name: the file's stem, which says the outcome.
        text: its source.
        earns: points of its honest part; the score may not be above them.
        classes: the classes of attack that it belongs to (README.md).
        ends: item -> statuses, one of which the item must end with.
        twice: grade it with two sets of secrets; what a student sees must be the same.
        jobs: submissions graded at a time.
        builds: it makes a submission itself, with `build(folder, files)`, for archives.
        open: why it gets through, where that is known and stays so; "" elsewhere.
    """

    name: str
    text: str
    earns: float
    classes: tuple[int, ...]
    ends: dict[str, set[str]]
    twice: bool
    jobs: int
    builds: bool
    open: str

    def __str__(self) -> str:
        return self.name


def read_attack(file):
    """Read an attack and the keys of its docstring."""
    text = file.read_text(encoding="utf-8")
    docstring = text.split('"""')[1]
    keys = dict(re.findall(r"^([A-Z][a-z]+): (.+)$", docstring, re.MULTILINE))
    known = {"Earns", "Class", "Ends", "Secrets", "Jobs", "Form", "Open"}
    assert set(keys) <= known, f"{file.name}: unknown keys {set(keys) - known}"
    ends = (part.split("=") for part in keys.get("Ends", "").split(", ") if part)
    return Attack(
        name=file.stem,
        text=text,
        earns=float(keys["Earns"]),
        classes=tuple(int(number) for number in keys["Class"].split()),
        ends={item: set(statuses.split("|")) for item, statuses in ends},
        twice=keys.get("Secrets") == "twice",
        jobs=int(keys.get("Jobs", "1")),
        builds=keys.get("Form") == "build",
        open=keys.get("Open", ""),
    )


def all_attacks():
    """Every attack of the corpus."""
    return [read_attack(file) for file in sorted(ATTACKS.glob("*__*.py"))]


class Stage:
    """A folder under /tmp that student code can reach: course, submissions, results.

    Everything in it may be read by everybody, as in a plain checkout, but for the results.
    """

    def __init__(self, solution):
        self.mark = "mark" + "".join(random.SystemRandom().choices(string.ascii_lowercase, k=10))
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.mark}-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.work = self.folder / "work"
        self.work.mkdir()
        self.results = self.folder / "results"
        self.results.mkdir(mode=0o700)
        self.solution = self.folder / "solution"
        shutil.copytree(solution, self.solution)
        self.course = self.folder / "course"

    def close(self):
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def set_course(self, secrets):
        """Put a course with these secrets into the stage."""
        make_course(self.course, secrets)

    def submission(self, attack):
        """Make the attack's submission; returns its path."""
        folder = self.folder / "attack"
        shutil.rmtree(folder, ignore_errors=True)
        files = {
            str(file.relative_to(self.solution)): file.read_bytes()
            for file in sorted(self.solution.rglob("*.py"))
        }
        files["shapes/tools.py"] = self._filled(HERE / "tools.py").encode()
        if attack.builds:
            folder.mkdir()
            files["shapes/area.py"] = "".join(HONEST.values()).encode()
            return Path(_loaded(attack).build(folder, files))
        text = self._fill(attack.text)
        for function, source in HONEST.items():
            if not re.search(rf"^(def {function}\(|{function} = )", text, re.MULTILINE):
                text += source
        files["shapes/area.py"] = text.encode()
        for path, content in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return folder

    def _filled(self, file):
        return self._fill(file.read_text(encoding="utf-8"))

    def _fill(self, text):
        """Tell the attacker more than anybody could guess: where everything lies."""
        key = str(int.from_bytes(self.mark[-4:].encode(), "little") & 0x7FFFFFFF)
        values = {"MARK": self.mark, "RESULTS": str(self.results), "COURSE": str(self.course),
                  "SUBMISSIONS": str(self.folder), "KEY": key, "GRADER_UID": str(os.getuid()),
                  "TESTRUN": str(os.getpid())}  # fmt: skip
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        return text


def _loaded(attack):
    spec = importlib.util.spec_from_file_location(attack.name, ATTACKS / f"{attack.name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Outcome:
    """What came out of a grading.

    Attributes:
        code: exit code of the grader, negative where a signal ended it, None where it hung.
        records: the records as plain dicts, in the order of the submissions.
        files: results.json of each submission, as bytes.
        printed: what the grader wrote to stdout and stderr.
        table: what an instructor sees on a terminal.
        seconds: how long it took.
        trouble: the traceback of a grader that failed.
    """

    code: int | None
    records: list
    files: list
    printed: str
    table: str
    seconds: float
    trouble: str


def run_grading(stage, paths, jobs=1):
    """Grade the submissions in a process of its own."""
    for old in stage.results.iterdir():
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
    code = _wait(grader, started + GRADING_SECONDS)
    told = json.loads(report.read_text()) if report.exists() else {}
    names = told.get("names", [])
    trouble = stage.folder / "trouble"
    return Outcome(
        code=code,
        records=told.get("records", []),
        files=[(stage.results / name / "results.json").read_bytes() for name in names],
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


def _grade_and_report(stage, paths, jobs, report):
    """The grader: what `autograder grade` does, up to the tables."""
    os.setsid()
    with open(stage.folder / "printed", "wb", 0) as printed:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (GRADER_MEMORY, hard))
    os.chdir(stage.work)
    tempfile.tempdir = str(stage.work)
    from autograder.grading import benches
    from autograder.grading.batch import Order, grade_all
    from autograder.grading.isolation import Policy, ensure, examine, secrets_of
    from autograder.results import to_dict, write_results
    from autograder.sandbox.launch import launch
    from autograder.sandbox.modes import present_mode
    from autograder.submission import find_submissions

    benches.MEMORY_BYTES = WORKER_MEMORY
    assignment = load_assignment(stage.course, "tiny")
    submissions = find_submissions(paths)
    wanted = tuple(item.id for item in assignment.items)
    launched = launch()
    policy = Policy(present_mode())
    found = examine(launched, secrets_of(assignment))
    ensure(policy, found)
    order = Order(assignment, wanted, SEED, policy, policy.isolation(found))
    by_name = {}
    for record in grade_all(order, submissions, jobs, launched):
        write_results(stage.results, record)
        by_name[record.name] = record
    records = [by_name[submission.name] for submission in submissions]
    told = {
        "names": [record.name for record in records],
        "records": [to_dict(record) for record in records],
        "table": _table(records),
    }
    sys.stdout.flush()
    sys.stderr.flush()
    report.write_text(json.dumps(told))


def _table(records):
    import io

    from rich.console import Console

    from autograder.results.table import show_records

    out = io.StringIO()
    show_records(records, Console(file=out, width=100, highlight=False))
    return out.getvalue()
