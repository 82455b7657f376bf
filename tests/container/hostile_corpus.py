"""Run the hostile corpus inside a grading image, with the flags of `grade --isolation docker`.

    python tests/container/hostile_corpus.py IMAGE [pytest's options ...]

It takes minutes, so it is no part of `make test`. Attacks by notebooks need an image with
`--build-arg DEPENDENCIES=running,notebooks`; elsewhere they are skipped.
"""

import os
import subprocess
import sys
from pathlib import Path

from autograder.container.engine import PYTHON, Engine, new_name

REPOSITORY = Path(__file__).parent.parent.parent
SCRIPT = f"""\
cp -r /given/. /opt/autograder/tool/autograder /checkout
cd /checkout && exec {PYTHON} -m pytest -q "$@" tests/hostile
"""


def main(image, *options):
    """Run it; the exit code is pytest's."""
    command = (os.environ.get("AUTOGRADER_DOCKER") or "docker",)
    engine = Engine(command, image, "6g", ("--rm", "--tmpfs", "/checkout"))
    mounts = [(REPOSITORY / name, f"/given/{name}") for name in ("tests", "pyproject.toml")]
    words = [*engine.run_words(new_name(), mounts), "sh", "-c", SCRIPT, "sh", *options]
    return subprocess.run(words, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
