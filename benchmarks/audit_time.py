"""How long an audit takes that has nothing to go on from, for so many mistakes and variants.

An assignment's catalogue is thinned out evenly to the numbers that are asked for; all generated
mutants of its modules stay.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder

REPOSITORY = Path(__file__).parent.parent


def main() -> int:
    """Measure, print, and return the exit status of the audit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="hw1", metavar="ID")
    parser.add_argument("--mistakes", type=int, default=120, metavar="N")
    parser.add_argument("--variants", type=int, default=40, metavar="N")
    parser.add_argument("--jobs", type=int, default=2, metavar="N")
    options = parser.parse_args()
    course = temporary_folder("autograder-benchmark-")
    try:
        for room in ("assignment", "solutions", "student_release"):
            shutil.copytree(
                REPOSITORY / room / options.assignment, course / room / options.assignment
            )
        catalogue = course / "assignment" / options.assignment / "catalogue"
        thin_out(catalogue / "mistakes", "[[mistake]]\n", options.mistakes)
        thin_out(catalogue / "variants", "[[variant]]\n", options.variants)
        return measure(course, options.assignment, options.jobs)
    finally:
        remove_temporary_folder(course)


def thin_out(folder: Path, head: str, number: int) -> None:
    """Keep so many entries of a folder of the catalogue, evenly spread."""
    texts = {file: file.read_text(encoding="utf-8").split(head) for file in folder.glob("*.toml")}
    entries = [(file, entry) for file in sorted(texts) for entry in texts[file][1:]]
    kept = {len(entries) * place // number for place in range(min(number, len(entries)))}
    for file, (comment, *_) in texts.items():
        own = [entry for place, (one, entry) in enumerate(entries) if one == file and place in kept]
        file.write_text(comment + "".join(head + entry for entry in own), encoding="utf-8")


def measure(course: Path, assignment: str, jobs: int) -> int:
    """Audit the assignment of a course, and print what it came to."""
    words = [sys.executable, "-m", "autograder", "audit", assignment, "--jobs", str(jobs), "--json"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    started = time.monotonic()
    done = subprocess.run(
        words, cwd=course, env=environment, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - started
    if not done.stdout:
        print(done.stderr, file=sys.stderr)
        return done.returncode
    report = json.loads(done.stdout)
    print(f"{seconds:.0f} s, {jobs} jobs, load {os.getloadavg()[0]:.1f} at the end")
    for what, numbers in report["figures"].items():
        print(f"  {what}: {', '.join(f'{number:g} {name}' for name, number in numbers.items())}")
    for finding in report["findings"]:
        print(f"  {finding['kind']} {finding['about']}: {finding['words']}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
