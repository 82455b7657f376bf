"""Run the last step of `setup.sh`: get datasets, make the key of the seeds, set permissions.

    python -m autograder.gradescope.install              in the folder that the zip was unpacked to
    python -m autograder.gradescope.install --image ID FOLDER

The second form is the last step of the Dockerfile, for an image that Gradescope may use in place of
the zip. It gets no key for its seeds, because images are passed on: each of its gradings draws a
new seed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.assignment import Assignment, load_assignment
from autograder.errors import AutograderError
from autograder.gradescope.config import (
    CONFIG_FILE,
    COURSE_FOLDER,
    DATA_FOLDER,
    SCRIPTS,
    Config,
    read_config,
)
from autograder.gradescope.needs import datasets_of
from autograder.gradescope.python_candidate import mend
from autograder.gradescope.seed import make_key

_GRADESCOPE = Path("/autograder")


def install(source: Path) -> None:
    """Prepare everything that grading would otherwise have to do for each submission.

    Raises:
        AutograderError: the bundle is not complete, or a dataset cannot be obtained.
    """
    config = read_config(source)
    mend()
    source.chmod(0o700)  # hidden tests, data with their labels, the key
    make_key(source)
    assignment = load_assignment(source / COURSE_FOLDER, config.assignment)
    if not config.datasets and not assignment.datasets:
        return
    data = source / DATA_FOLDER
    data.mkdir(exist_ok=True)
    _keep_own_data(assignment, data)
    if not config.datasets:
        return
    command = [sys.executable, "-m", "autograder.datasets.prepare", *config.datasets]
    if subprocess.run([*command, "--into", str(data)], check=False).returncode:
        raise AutograderError(
            f"{' and '.join(config.datasets)} cannot be had",
            str(data),
            "the lines above say why",
        )


def _keep_own_data(assignment: Assignment, folder: Path) -> None:
    """Fetch the files of the course's own data that have an address."""
    if not assignment.datasets:
        return
    from autograder.datasets import DatasetError
    from autograder.grading.run_data import keep_fetched

    try:
        keep_fetched(assignment, folder)
    except DatasetError as error:
        raise AutograderError(
            str(error).rstrip("."), str(folder), "the course's own data is needed for grading"
        ) from None


def install_in_image(source: Path, assignment_id: str) -> None:
    """Restrict the folder in an image to its owner.

    On Gradescope's own base image, also put it where Gradescope looks.

    Raises:
        AutograderError: the folder has no such assignment, or the assignment has mistakes.
    """
    assignment = load_assignment(source / COURSE_FOLDER, assignment_id)
    config = Config(assignment.id, datasets_of(assignment))
    (source / CONFIG_FILE).write_text(config.text(), encoding="utf-8")
    for folder, _, files in os.walk(source):
        os.chmod(folder, 0o700)
        for file in files:
            os.chmod(os.path.join(folder, file), 0o600)
    if _GRADESCOPE.is_dir():
        shutil.rmtree(_GRADESCOPE / "source", ignore_errors=True)
        (_GRADESCOPE / "source").symlink_to(source)
        shutil.copy(SCRIPTS / "run_autograder", _GRADESCOPE / "run_autograder")


def main(arguments: Sequence[str]) -> None:
    """Run the command."""
    if arguments[:1] == ["--image"]:
        _, assignment_id, folder = arguments
        install_in_image(Path(folder), assignment_id)
    else:
        install(Path.cwd())


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except AutograderError as error:
        sys.exit(f"autograder: {error}")
