"""Run the hostile corpus inside a grading image, with the flags of `grade --isolation docker`.

    python tests/container/hostile_corpus.py [--default-rights] IMAGE [pytest's options ...]

`--default-rights` leaves those flags out: the container has what Docker gives where nobody asks for
more or less, as on Gradescope.

It takes minutes, so it is no part of `make test`. Attacks by notebooks need an image with
`--build-arg DEPENDENCIES=running,notebooks`; elsewhere they are skipped.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from autograder.container.engine import PYTHON, Engine, new_name

REPOSITORY = Path(__file__).parent.parent.parent
MEMORY = "6g"
SCRIPT = f"""\
cp -r /given/. /opt/autograder/tool/autograder /checkout
cd /checkout && exec {PYTHON} -m pytest -q "$@" tests/hostile
"""


def main(*words):
    """Run it; the exit code is pytest's."""
    default_rights = words[0] == "--default-rights"
    image, *options = words[default_rights:]
    start = by_default if default_rights else as_grading_does
    mounts = [(REPOSITORY / name, f"/given/{name}") for name in ("tests", "pyproject.toml")]
    command = shlex.split(os.environ.get("AUTOGRADER_DOCKER") or "docker")
    container = start(command, image, mounts)
    return subprocess.run([*container, "sh", "-c", SCRIPT, "sh", *options], check=False).returncode


def as_grading_does(command, image, mounts):
    """The words that start a container as `grade --isolation docker` does."""
    engine = Engine(tuple(command), image, MEMORY, ("--rm", "--tmpfs", "/checkout"))
    return engine.run_words(new_name(), mounts)


def by_default(command, image, mounts):
    """The words that start a container with Docker's defaults, but for memory and the network."""
    words = [*command, "run", "--rm", "--name", new_name(), "--network", "none"]
    words += ["--memory", MEMORY, "--tmpfs", "/checkout"]
    for source, target in mounts:
        words += ["--mount", f"type=bind,source={source},target={target},readonly"]
    return [*words, image]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
