"""A copy of the course of pairs, and commands in it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COURSE = Path(__file__).parent / "course"


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """A copy of the course."""
    folder = tmp_path_factory.mktemp("pairs") / "course"
    shutil.copytree(COURSE, folder, ignore=shutil.ignore_patterns("__pycache__", "results"))
    return folder


@pytest.fixture(scope="module")
def run(pairs):
    """Run a command in the course."""

    def run(*arguments):
        command = [sys.executable, "-m", "autograder", *map(str, arguments)]
        return subprocess.run(command, cwd=pairs, capture_output=True, text=True, check=False)

    return run
