"""A stand-in for Gradescope: its folders, metadata and calls, as its documentation tells."""

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

from autograder.results import validate_results

SECONDS = 120


def metadata(**fields):
    """What Gradescope writes about a submission, but for `fields`."""
    return {
        "id": 123456,
        "created_at": "2026-10-01T12:00:00.000000-04:00",
        "assignment": {
            "due_date": "2026-10-02T23:59:00.000000-04:00",
            "group_size": None,
            "group_submission": False,
            "id": 25828,
            "course_id": 1234,
            "late_due_date": None,
            "release_date": "2026-09-01T00:00:00.000000-04:00",
            "title": "Homework",
            "total_points": "20.0",
        },
        "submission_method": "upload",
        "users": [{"email": "student@example.edu", "id": 1234, "name": "Student"}],
        "previous_submissions": [],
    } | fields


def unpack(archive, base):
    """Do what Gradescope does with an uploaded zip, up to running its setup.sh."""
    source = base / "source"
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            opened.extract(entry, source)
            os.chmod(source / entry.filename, stat.S_IMODE(entry.external_attr >> 16))
    shutil.copy(source / "run_autograder", base / "run_autograder")
    (base / "results").mkdir()
    return base


def own_python(base):
    """The environment that setup.sh would make: this interpreter, with this checkout."""
    place = base / "grader" / "bin" / "python"
    place.parent.mkdir(parents=True)
    place.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    place.chmod(0o755)
    return place.parent.parent


def hand_in(base, submission, about):
    """Put a submission and its metadata where Gradescope puts them; `about` may be any text."""
    shutil.rmtree(base / "submission", ignore_errors=True)
    shutil.copytree(submission, base / "submission")
    text = about if isinstance(about, str) else json.dumps(about)
    (base / "submission_metadata.json").write_text(text)


def start(base, **options):
    """Start run_autograder as Gradescope does."""
    environment = {"PATH": os.environ["PATH"], "AUTOGRADER_HOME": str(base / "grader")}
    return subprocess.Popen(
        [str(base / "run_autograder")],
        cwd=base, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        **options,
    )  # fmt: skip


def grade(base, submission, about=None):
    """Grade a submission: its results, which must be valid, and what instructors see."""
    hand_in(base, submission, about or metadata())
    process = start(base)
    printed, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, printed
    return read_results(base), printed


def read_results(base):
    """The results, as Gradescope would read them."""
    raw = Path(base, "results", "results.json").read_bytes()
    errors = [finding for finding in validate_results(raw) if finding.level == "error"]
    assert errors == [], errors
    return json.loads(raw)


def items(document):
    """Item -> status, score and what the student reads."""
    return {
        entry["extra_data"]["item"]: (
            entry["extra_data"]["status"], entry.get("score"), entry["output"],
        )
        for entry in document["tests"]
    }  # fmt: skip
