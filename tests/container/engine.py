"""A real engine for the tests, where there is one: images built by this repository's Dockerfile."""

import fcntl
import os
import shlex
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from autograder.assignment import load_assignment
from autograder.release import plan_release, write_release

REPOSITORY = Path(__file__).parent.parent.parent
BASE = os.environ.get("AUTOGRADER_BASE_IMAGE") or "python:3.12-slim-bookworm"
BUILD_SECONDS = 600


def docker(*words, check=True, seconds=120, **options):
    """Run a command of the engine."""
    command = [*shlex.split(os.environ.get("AUTOGRADER_DOCKER") or "docker"), *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False,
        **options,
    )  # fmt: skip
    assert not check or done.returncode == 0, (
        f"{words}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    )
    return done


@cache
def why_not():
    """Why no engine is available; "" if one has, or can get, the base image."""
    try:
        if docker("version", check=False).returncode:
            return "no Docker engine answers"
    except OSError:
        return "docker is not installed"
    if docker("image", "inspect", BASE, check=False).returncode:
        if docker("pull", BASE, check=False, seconds=300).returncode:
            return f"the base image {BASE} cannot be had; set AUTOGRADER_BASE_IMAGE"
    return ""


def build(assignment_folder, context, tag, *arguments):
    """Build the grading image of an assignment; only NumPy is in it, besides the tool's own."""
    for name in ("Dockerfile", ".dockerignore", "pyproject.toml", "constraints.txt"):
        shutil.copy(REPOSITORY / name, context / name)
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "autograder", context / "autograder", ignore=skip)
    home = context / "assignment" / assignment_folder.name
    shutil.copytree(assignment_folder, home, ignore=skip)
    assignment = load_assignment(assignment_folder.parent.parent, assignment_folder.name)
    write_release(plan_release(assignment), context / "student_release" / assignment.id)
    rebuild(context, tag, assignment_folder.name, *arguments)


def rebuild(context, tag, assignment_id, *arguments):
    """Build it from a context that is there."""
    given = [f"ASSIGNMENT={assignment_id}", f"BASE_IMAGE={BASE}", "DEPENDENCIES=", *arguments]
    words = [word for argument in given for word in ("--build-arg", argument)]
    # Two at a time would both download what the second finds in the cache.
    with open(Path(tempfile.gettempdir()) / "autograder-test-build.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        docker("build", "--network", "host", "--tag", tag, *words, context, seconds=BUILD_SECONDS)
