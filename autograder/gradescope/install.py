"""What `setup.sh` ends with: data sets, the key of the seeds, and the doors closed.

python -m autograder.gradescope.install        in the folder that the zip was unpacked to
"""

import subprocess
import sys
from pathlib import Path

from autograder.errors import AutograderError
from autograder.gradescope.config import DATA_FOLDER, read_config
from autograder.gradescope.seed import make_key


def install(source: Path) -> None:
    """Get everything ready that grading would otherwise have to do for each submission.

    Raises:
        AutograderError: the bundle is not whole, or a data set cannot be had.
    """
    config = read_config(source)
    source.chmod(0o700)  # hidden tests, data with their labels, the key
    make_key(source)
    if not config.datasets:
        return
    data = source / DATA_FOLDER
    data.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "autograder.datasets.prepare", *config.datasets]
    if subprocess.run([*command, "--into", str(data)], check=False).returncode:
        raise AutograderError(
            f"{' and '.join(config.datasets)} cannot be had",
            str(data),
            "the lines above say why",
        )


if __name__ == "__main__":
    try:
        install(Path.cwd())
    except AutograderError as error:
        sys.exit(f"autograder: {error}")
