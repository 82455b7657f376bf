"""Killed with its whole process group, again and again, a run still ends as an undisturbed one.

The moments are random: some fall into the start, most between two gradings or into one. Another
number of kills than twenty is set by AUTOGRADER_KILLS.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from autograder.assignment import load_assignment
from autograder.audit import load_catalogue
from autograder.audit.sample import sample
from autograder.grading.seeding import KEY_FILE, keep_key
from autograder.release import write_release
from autograder.results.database import DATABASE_FILE

KILLS = int(os.environ.get("AUTOGRADER_KILLS", "20"))
SUBMISSIONS = 4 + 3 * KILLS


@pytest.fixture
def submissions(course):
    """A folder of submissions out of the catalogue."""
    assignment = load_assignment(course, "tiny")
    mistakes = [entry.id for entry in load_catalogue(assignment).mistakes]
    for number in range(SUBMISSIONS):
        chosen = mistakes[number % len(mistakes)]
        write_release(sample(assignment, [chosen]), course / "in" / f"s{number:03}")
    return course / "in"


def command(out):
    words = ["grade", "tiny", "--from", "in", "--jobs", "2", "--out", out]
    return [sys.executable, "-m", "autograder", *words]


def kept(folder):
    """How many gradings are kept, and of how many submissions."""
    if not (folder / DATABASE_FILE).exists():
        return 0, 0
    connection = sqlite3.connect(f"file:{folder / DATABASE_FILE}?mode=ro", uri=True, timeout=10)
    try:
        query = "SELECT COUNT(*), COUNT(DISTINCT name) FROM gradings"
        return connection.execute(query).fetchone()
    except sqlite3.OperationalError:  # its first moments
        return 0, 0
    finally:
        connection.close()


def without_times(value):
    """A JSON value without the times in it."""
    if isinstance(value, dict):
        return {key: without_times(one) for key, one in value.items() if key != "seconds"}
    return [without_times(one) for one in value] if isinstance(value, list) else value


def documents(folder):
    """All JSON files of a results folder, without times."""
    return {
        path.relative_to(folder).as_posix(): without_times(json.loads(path.read_bytes()))
        for path in sorted(folder.rglob("*.json"))
    }


@pytest.mark.slow
@pytest.mark.usefixtures("submissions")
def test_a_run_that_is_killed_ends_as_one_that_is_not(course):
    calm, hurt = course / "calm", course / "hurt"
    keep_key(calm)
    hurt.mkdir()
    shutil.copy2(calm / KEY_FILE, hurt)  # the same inputs
    subprocess.run(command("calm"), cwd=course, check=True, capture_output=True)
    moments = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        before, _ = kept(hurt)
        process = subprocess.Popen(
            command("hurt"), cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        enough = before + moments.randrange(4)
        while kept(hurt)[0] < enough and process.poll() is None:
            time.sleep(0.002)
        time.sleep(moments.uniform(0.0, 0.2))  # anywhere in what follows
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.stderr.close()
        process.wait()
        assert kept(hurt)[0] >= before, "a grading was lost"
    assert killed == KILLS
    assert kept(hurt)[0] < SUBMISSIONS, "there was nothing left to do for the last run"
    last = subprocess.run(command("hurt"), cwd=course, check=False, capture_output=True, text=True)
    assert last.returncode == 0, last.stderr
    assert kept(hurt) == (SUBMISSIONS, SUBMISSIONS), "a submission was graded twice"
    assert documents(hurt) == documents(calm)
    assert len(documents(calm)) == 2 + 3 * SUBMISSIONS
    assert not [path for path in hurt.rglob("*/.*") if path.is_file()], "halves of files"


def test_judges_and_workers_do_not_outlive_the_command(course):
    """Killed alone, not with its group, while student code computes endlessly."""
    spec = course / "assignment/tiny/assignment.toml"
    spec.write_text(spec.read_text().replace("timeout_s = 10", "timeout_s = 3600"))
    assignment = load_assignment(course, "tiny")
    write_release(sample(assignment, []), course / "in" / "a")
    write_release(sample(assignment, []), course / "in" / "b")
    area = course / "in/b/shapes/area.py"
    area.write_text(area.read_text().replace("return np.multiply", "while True: np.multiply"))
    scratch = course / "scratch"  # where zygotes live, so that they can be told from all others
    scratch.mkdir(mode=0o755)
    process = subprocess.Popen(
        command("hurt"), cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=os.environ | {"TMPDIR": str(scratch)},
    )  # fmt: skip
    until = time.monotonic() + 60
    while kept(course / "hurt")[0] < 1:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert at_home_in(scratch)
    process.kill()
    process.wait()
    while at_home_in(scratch):
        assert time.monotonic() < until, at_home_in(scratch)
        time.sleep(0.01)


def at_home_in(folder):
    """The processes whose working folder is this one."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if os.readlink(f"/proc/{entry.name}/cwd") == str(folder):
                    found.append(entry.name)
            except OSError:
                continue
    return found
