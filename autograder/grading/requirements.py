"""Check, before anything is graded, that the libraries and files that a run needs are present.

This includes the libraries in `banned_names`: a misspelled one would ban nothing.
"""

from importlib.util import find_spec

from autograder.assignment.released import original_bytes
from autograder.assignment.rubric_files import reads_events
from autograder.assignment.spec import NEEDS
from autograder.errors import AutograderError
from autograder.grading.config import GradingConfig

# Option of a zygote -> modules that it imports, and the extra that installs them.
TENSORBOARD = "tensorboard"
_TAKES = {
    "notebook": (("IPython", "matplotlib"), "notebooks"),
    "torch": (("torch",), "assignments"),
    TENSORBOARD: ((TENSORBOARD,), TENSORBOARD),
    "tests": (("pytest",), "running"),
    "lean": ((), ""),
}


def ensure_installed(config: GradingConfig) -> None:
    """Refuse a run that lacks a library, or a file of the release that student code may read.

    Raises:
        AutograderError: the message names what is missing, and how to get it.
    """
    original_bytes(config.assignment)
    words = {word for options in config.options for word in options}
    if reads_events(config.assignment.rubric_folder):
        words.add(TENSORBOARD)
    for word in sorted(words):
        modules, extra = _TAKES[word]
        for module in modules:
            if find_spec(module) is None:
                raise AutograderError(
                    f"{module} is not installed, and this assignment's items need it",
                    "this Python",
                    f"run: pip install 'autograder[{extra}]'",
                )
    _ensure_that_names_can_be_banned(config)


def _ensure_that_names_can_be_banned(config: GradingConfig) -> None:
    assignment = config.assignment
    rules = [one.rules for one in assignment.packages]
    rules += [one.rules for one in assignment.notebooks]
    rules += [one.rules for one in assignment.auto_items]
    for name in (name for each in rules for name in each.banned_names):
        library = name.partition(".")[0]
        # Items that need PyTorch were checked above; others may be graded without it.
        if library not in NEEDS and find_spec(library) is None:
            raise AutograderError(
                f"banned_names has '{name}', but no library '{library}' is installed",
                assignment.show(assignment.folder / "assignment.toml"),
                "write the name in full from its library, such as 'numpy.linalg.inv', or remove it",
            )
