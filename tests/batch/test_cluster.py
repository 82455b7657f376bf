"""A class graded by workers of Dask, each a process of its own: nothing lost, nothing twice."""

import json
import os
import pickle
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import pytest

from autograder.assignment import load_assignment
from autograder.audit.sample import sample
from autograder.batch.cluster import request_for
from autograder.grading.judge_process import wanted_of
from autograder.grading.seeding import KEY_FILE, seeds_for
from autograder.release import write_release
from autograder.results.database import DATABASE_FILE
from autograder.submission import Submission

from .conftest import judge

pytest.importorskip("dask", reason="needs pip install 'autograder[cluster]'")

SECONDS = 90


class Cluster:
    """A scheduler, workers, and an asker, all of them processes of this test."""

    def __init__(self, course):
        self.course, self.results = course, course / "results/tiny"
        self.processes = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"

    def start(self, *words, folder=None, **options):
        log = open(self.course / f"log-{len(self.processes)}", "wb")  # noqa: SIM115
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=folder or self.course, start_new_session=True,
                **({"stdout": log, "stderr": log} | options),
            )  # fmt: skip
        self.processes.append(process)
        return process

    def scheduler(self):
        process = self.start(
            "distributed.cli.dask_scheduler", "--port", str(self.port), "--no-dashboard",
            "--host", "127.0.0.1",
        )  # fmt: skip
        self.wait_for(self.is_listening)
        return process

    def is_listening(self):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def worker(self, folder=None, threads=1):
        return self.start(
            "distributed.cli.dask_worker", self.address, "--nthreads", str(threads), "--no-nanny",
            "--no-dashboard", "--host", "127.0.0.1", folder=folder,
        )  # fmt: skip

    def ask(self, *more):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        words = ["grade", "tiny", "--from", "in", "--json", *more]
        return self.start("autograder", *words, "--scheduler", self.address, **pipes)

    def kept(self):
        """How many gradings are kept."""
        file = self.results / DATABASE_FILE
        if not file.exists():
            return 0
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute("SELECT COUNT(*) FROM gradings").fetchone()[0]
        except sqlite3.OperationalError:  # its first moments
            return 0
        finally:
            connection.close()

    def wait_for(self, condition):
        until = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < until, [one.args for one in self.processes if one.poll()]
            time.sleep(0.01)

    def end(self):
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
            process.wait()


@pytest.fixture
def cluster(course):
    cluster = Cluster(course)
    yield cluster
    cluster.end()


@pytest.fixture
def submissions(course):
    """A dozen submissions, one of them with a link in it, one that cannot be read."""
    assignment = load_assignment(course, "tiny")
    for number in range(10):
        mistakes = ["square-doubles"] if number % 3 == 0 else []
        write_release(sample(assignment, mistakes), course / "in" / f"s{number}")
    (course / "in/s1/shapes/link.py").symlink_to("/etc/passwd")
    (course / "in/broken.zip").write_bytes(b"PK not really")
    shutil.make_archive(str(course / "in/zipped"), "zip", course / "in/s2")
    return 12


def graded(text):
    """What a document says, without times and the words about the machine."""
    left_out = ("seconds", "isolation")
    return {
        one["name"]: json.loads(
            json.dumps(one),
            object_hook=lambda part: {key: part[key] for key in part if key not in left_out},
        )
        for one in json.loads(text)["submissions"]
    }


def local(course):
    """The same graded on this machine, with the same key for the seeds."""
    (course / "local").mkdir()
    shutil.copy2(course / "results/tiny" / KEY_FILE, course / "local")
    words = ["grade", "tiny", "--from", "in", "--json", "--out", "local"]
    command = [sys.executable, "-m", "autograder", *words]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=True)
    return graded(done.stdout)


def test_a_request_has_the_seed_of_its_submission_and_no_key(group, tiny):
    seeds = seeds_for(group.folder, wanted_of(tiny), None)
    group.submit("eve", "passed ")  # others have the same content
    requests = {}

    def send(task):
        requests[task.submission.name] = request_for(task)
        return judge(task)

    group.grade(judge=send, seed_of=seeds.of)
    own = {name: seeds.of(Submission(name, group.submissions / name)) for name in requests}
    assert len(set(own.values())) == 3
    assert {name: request["seed"] for name, request in requests.items()} == own
    assert seeds.key.secret not in pickle.dumps(requests)
    assert seeds.key.secret.hex().encode() not in pickle.dumps(requests)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing(cluster, course, submissions):
    cluster.scheduler()
    first = cluster.worker()
    asker = cluster.ask()
    cluster.wait_for(lambda: cluster.kept() >= 2)
    os.killpg(first.pid, signal.SIGKILL)
    cluster.worker(threads=2)
    out, err = asker.communicate(timeout=SECONDS)
    assert asker.returncode == 0, err
    assert "is gone; what it was grading goes to others" in err
    assert cluster.kept() == submissions, "a submission was graded twice"
    assert graded(out) == local(course)
    for name in ("s1", "broken"):
        assert (cluster.results / name / "results.json").is_file()
    answers = json.loads((cluster.results / "s1/written.json").read_bytes())
    assert answers == json.loads((course / "local/s1/written.json").read_bytes())


@pytest.mark.slow
def test_a_lost_scheduler_is_told_and_the_same_command_goes_on(cluster, submissions):
    scheduler = cluster.scheduler()
    cluster.worker()
    asker = cluster.ask()
    cluster.wait_for(lambda: cluster.kept() >= 1)
    os.killpg(scheduler.pid, signal.SIGKILL)
    _, err = asker.communicate(timeout=SECONDS)
    assert asker.returncode == 1
    assert "the scheduler is gone" in err and "run the same command" in err
    assert "Traceback" not in err
    before = cluster.kept()
    assert 1 <= before < submissions
    cluster.scheduler()
    cluster.worker(threads=2)
    asker = cluster.ask()
    out, err = asker.communicate(timeout=SECONDS)
    assert asker.returncode == 0, err
    assert len(graded(out)) == cluster.kept() == submissions


@pytest.mark.slow
def test_a_worker_with_another_bundle_gets_nothing(cluster, course, submissions, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(course / "assignment", other / "assignment")
    rubric = other / "assignment/tiny/rubric/test_area.py"
    rubric.write_text(rubric.read_text().replace("close(x**2", "close(2 * x"))
    cluster.scheduler()
    cluster.worker(folder=other)
    asker = cluster.ask()
    _, err = asker.communicate(timeout=SECONDS)
    assert asker.returncode == 1
    assert "it has another version of: the rubric" in err and "Traceback" not in err
    assert "none of the 1 workers can grade this" in err
    assert cluster.kept() == 0
    cluster.worker(threads=2)
    out, err = cluster.ask().communicate(timeout=SECONDS)
    assert "it has another version of: the rubric" in err
    assert graded(out)["s1"]["score"] == 4.0
    assert cluster.kept() == submissions


def test_a_scheduler_that_is_not_there_is_told(cluster, course):
    write_release(sample(load_assignment(course, "tiny"), []), course / "in" / "s0")
    asker = cluster.ask()
    _, err = asker.communicate(timeout=SECONDS)
    assert asker.returncode == 1
    assert "no scheduler answers" in err and "Traceback" not in err
