"""Run the hostile corpus inside a grading image, with the flags of `grade --isolation docker`.

    python tests/container/hostile_corpus.py [--default-rights | --gradescope] IMAGE [OPTION ...]

`--default-rights` leaves those flags out: the container has what Docker gives where nobody asks for
more or less, as on Gradescope. `--gradescope` does so too, and has `run_autograder` grade, from the
zip that is uploaded there (tests/hostile/on_gradescope.py).

OPTIONs are pytest's; tests that are named there are run instead of all. `make test` runs all
attacks on modules this way (test_image.py). Those by notebooks need an image with
`--build-arg DEPENDENCIES=running,notebooks`; elsewhere they are skipped.
"""

import argparse
import os
import shlex
import subprocess
import sys
from pathlib import Path

from autograder.container.engine import PYTHON, Engine, new_name

REPOSITORY = Path(__file__).parent.parent.parent
GIVEN = ("tests", "pyproject.toml", "constraints.txt", "README.md", "LICENSE")
MEMORY = "6g"
SCRIPT = f"""\
cp -r /given/. /opt/autograder/tool/autograder /checkout
cd /checkout && exec {PYTHON} -m pytest -q "$@"
"""


def main():
    """Run it; the exit code is pytest's."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--default-rights", action="store_true")
    parser.add_argument("--gradescope", action="store_true")
    parser.add_argument("image")
    parser.add_argument("options", nargs=argparse.REMAINDER)
    wanted = parser.parse_args()
    start = by_default if wanted.default_rights or wanted.gradescope else as_grading_does
    command = shlex.split(os.environ.get("AUTOGRADER_DOCKER") or "docker")
    container = start(command, wanted.image, [(REPOSITORY / one, f"/given/{one}") for one in GIVEN])
    tests = ["tests/hostile/on_gradescope.py" if wanted.gradescope else "tests/hostile"]
    if any(one.startswith("tests/") for one in wanted.options):
        tests = []
    words = [*container, "sh", "-c", SCRIPT, "sh", *wanted.options, *tests]
    return subprocess.run(words, check=False).returncode


def as_grading_does(command, image, mounts):
    """The words that start a container as `grade --isolation docker` does.

    Tests make the pages of a report, too. Without a place of its own for matplotlib, where no home
    can be written to, that would leave a folder behind in each of them.
    """
    options = ("--rm", "--tmpfs", "/checkout", "--env", "MPLCONFIGDIR=/checkout/matplotlib")
    engine = Engine(tuple(command), image, MEMORY, options)
    return engine.run_words(new_name(), mounts)


def by_default(command, image, mounts):
    """The words that start a container with Docker's defaults, but for memory and the network."""
    words = [*command, "run", "--rm", "--name", new_name(), "--network", "none"]
    words += ["--memory", MEMORY, "--tmpfs", "/checkout"]
    for source, target in mounts:
        words += ["--mount", f"type=bind,source={source},target={target},readonly"]
    return [*words, image]


if __name__ == "__main__":
    sys.exit(main())
