"""How long the pages of a class take: `autograder report` of 50 and of 500 made-up submissions.

    python benchmarks/class_report.py [--sizes 50 500] [--times 3]

The records are made up from a real assignment's items, see made_up_class.py; there are no written
answers among them. Prints wall time, processor time and the largest memory of the whole command.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made_up_class import write_class

from autograder.assignment import assignment_ids, find_course, load_assignment


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the pages of a class.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[50, 500])
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    course = find_course(Path(__file__).parent)
    assignment = load_assignment(course, assignment_ids(course)[0])
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    for size in options.sizes:
        folder = Path(tempfile.mkdtemp(prefix="autograder-class-"))
        try:
            write_class(assignment, folder, size)
            runs = [timed(course, folder) for _ in range(options.times)]
        finally:
            shutil.rmtree(folder)
        wall, processor, memory = map(statistics.median, zip(*runs, strict=True))
        print(
            f"{size} submissions, {len(assignment.items)} items: wall {wall:.1f} s, "
            f"processor {processor:.1f} s, {memory:.0f} MiB (medians of {options.times})"
        )


def timed(course: Path, folder: Path) -> tuple[float, float, float]:
    """Return wall seconds, processor seconds and MiB of one run."""
    command = [sys.executable, "-m", "autograder", "report", str(folder)]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"autograder report ended with {process.returncode}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
