"""The modes of grading: where the grader runs, and so which layers can be asked for."""

import os
from pathlib import Path

MODES = ("gradescope", "docker", "local-root", "local-user")


def present_mode() -> str:
    """The mode of this machine."""
    if os.geteuid() != 0:
        return "local-user"
    if Path("/autograder/source").is_dir():
        return "gradescope"
    return "docker" if Path("/.dockerenv").exists() else "local-root"
