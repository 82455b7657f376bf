"""Commands as a person or a script runs them."""

import subprocess
import sys

import pytest


@pytest.fixture
def run(course):
    """Run a command in a copy of the course of the tests."""

    def run(*arguments, cwd=course):
        command = [sys.executable, "-m", "autograder", *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

    run.course = course
    return run
