"""What a class costs: processor time and memory for each submission, and where the time goes.

Submissions are the complete solution's modules with one entry of the catalogue each; graded are
the items of one problem that need neither notebook nor data. Then a two-question assignment is
graded by this tool and by `otter run`, both two at a time.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from grading_parts import parts_of_a_grading
from linear_layer import POINTS, write_course
from one_thread import begin_anew_on_one_thread
from otter_comparison import (
    ASSIGNMENT,
    BenchmarkError,
    assign_otter,
    find_command,
    grade_by_otter,
    machine_facts,
    run,
)

from autograder.assignment import Assignment, load_assignment
from autograder.audit.catalogue import apply_entry, load_catalogue
from autograder.release import solution_files, write_release
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder

REPOSITORY = Path(__file__).parent.parent
_SAMPLE = 20
_AGAINST_OTTER = 100


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="50,500", metavar="N,...", help="default 50,500")
    parser.add_argument("--large", action="store_true", help="5,000 submissions as well")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="default 2")
    parser.add_argument("--otter", type=int, default=5, metavar="N", help="rounds, default 5")
    parser.add_argument("--assignment", default="hw1", metavar="ID", help="default hw1")
    parser.add_argument("--problem", default="p6", metavar="ID", help="default p6")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    begin_anew_on_one_thread()
    sizes = [int(size) for size in options.sizes.split(",")] + [5000] * options.large
    folder = temporary_folder("autograder-benchmark-")
    try:
        assignment = load_assignment(REPOSITORY, options.assignment)
        result = measure(folder, assignment, options.problem, sizes, options.jobs, options.otter)
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    finally:
        remove_temporary_folder(folder)
    print(json.dumps(result, indent=2) if options.json else table(result))
    return 0


def measure(
    folder: Path, assignment: Assignment, problem: str, sizes: Sequence[int], jobs: int, otter: int
) -> dict[str, Any]:
    """Return all figures, and what they were measured on."""
    load = [os.getloadavg()[0]]
    items = [
        item.id
        for item in assignment.auto_items
        if item.problem == problem and not item.notebook and not item.needs
    ]
    wanted = ",".join(items)
    classes = {}
    for size in [2, *sizes]:  # two of them cost little more than the start
        place = folder / f"class-{size}"
        make_class(assignment, place, size)
        classes[size] = grade_class(assignment.id, wanted, place, jobs)
        load.append(os.getloadavg()[0])
    sample = folder / "sample"
    make_class(assignment, sample, _SAMPLE)
    parts = parts_of_a_grading(assignment, items, sorted(sample.iterdir()))
    result = {
        "items": items,
        "jobs": jobs,
        "classes": classes,
        "marginal": {
            size: marginal(classes[2], classes[size], size - 2) for size in sizes if size > 2
        },
        "parts": parts,
        "machine": machine_facts(),
    }
    if otter:
        result["otter"] = against_otter(folder, otter)
    load.append(os.getloadavg()[0])
    return result | {"load": [round(one, 1) for one in load]}


def make_class(assignment: Assignment, folder: Path, size: int) -> None:
    """Write so many submissions, each with another entry of the catalogue, as far as these go."""
    packages = tuple(package.path for package in assignment.packages)
    solution = {
        path: data for path, data in solution_files(assignment).items() if path.startswith(packages)
    }
    catalogue = load_catalogue(assignment)
    entries = [
        entry
        for entry in catalogue.mistakes + catalogue.variants
        if all(change.file in solution for change in entry.changes)
    ]
    for number in range(size):
        files = apply_entry(entries[number % len(entries)], solution)
        write_release(files, folder / f"student-{number:05}")


def grade_class(assignment_id: str, items: str, place: Path, jobs: int) -> dict[str, float]:
    """Grade a class by the command; seconds, processor time of all its processes, its memory."""
    command = [find_command("autograder"), "grade", assignment_id, "--from", str(place)]
    command += ["--items", items, "--jobs", str(jobs), "--seed", "1", "--out", f"{place}-results"]
    before, started = os.times(), time.perf_counter()
    process = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    memory = 0.0
    while process.poll() is None:
        memory = max(memory, peak_memory(process.pid))
        time.sleep(0.05)
    seconds, after = time.perf_counter() - started, os.times()
    assert process.stderr is not None
    errors = process.stderr.read().decode()
    process.stderr.close()
    if process.returncode:
        raise BenchmarkError(f"`{' '.join(command)}` ended with {process.returncode}:\n{errors}")
    processor = (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )
    shutil.rmtree(f"{place}-results")
    return {"seconds": seconds, "processor": processor, "megabytes": memory}


def peak_memory(process: int) -> float:
    """The most memory that a process has held so far, in MB; 0 where it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) / 1000 if lines else 0.0


def marginal(few: dict[str, float], many: dict[str, float], more: int) -> dict[str, float]:
    """What each further submission has cost, in milliseconds."""
    return {name: 1000 * (many[name] - few[name]) / more for name in ("seconds", "processor")}


def against_otter(folder: Path, rounds: int) -> dict[str, float]:
    """Submissions a minute by both tools, two at a time, in turn; starts included."""
    course, place = folder / "course", folder / "layers"
    write_course(course, ASSIGNMENT)
    complete = folder / "complete"
    command = find_command("autograder")
    run([command, "build", ASSIGNMENT, "--solution", "--out", str(complete)], course)
    for number in range(_AGAINST_OTTER):
        shutil.copytree(complete, place / f"student-{number:05}")
    archive, notebook = assign_otter(folder / "otter")

    def by_otter(number: int) -> float:
        return grade_by_otter(archive, notebook, folder / "otter" / f"out-{number}")

    scores: set[float] = set()
    ours, theirs = 0.0, 0.0
    for number in range(rounds):
        words = ["grade", ASSIGNMENT, "--from", str(place), "--jobs", "2", "--json"]
        started = time.perf_counter()
        printed = run([command, *words, "--out", str(folder / f"results-{number}")], course)
        ours += time.perf_counter() - started
        scores |= {one["score"] for one in json.loads(printed)["submissions"]}
        started = time.perf_counter()
        with ThreadPoolExecutor(2) as two:
            scores |= set(two.map(by_otter, range(2)))
        theirs += time.perf_counter() - started
    if scores != {POINTS}:
        raise BenchmarkError(f"the complete solution got {sorted(scores)}, not {POINTS}")
    result = {
        "autograder a minute": 60 * rounds * _AGAINST_OTTER / ours,
        "otter a minute": 60 * rounds * 2 / theirs,
    }
    return result | {"ratio": result["autograder a minute"] / result["otter a minute"]}


def table(result: dict[str, Any]) -> str:
    """Return the result as lines for a terminal."""
    lines = [f"{len(result['items'])} items, {result['jobs']} at a time", ""]
    lines.append(f"{'submissions':>11}{'seconds':>10}{'processor s':>13}{'grader MB':>11}")
    for size, one in result["classes"].items():
        lines.append(
            f"{size:>11}{one['seconds']:>10.1f}{one['processor']:>13.1f}{one['megabytes']:>11.0f}"
        )
    lines += ["", "each further submission, milliseconds"]
    for size, one in result["marginal"].items():
        words = f"{one['seconds']:.0f} on the clock, {one['processor']:.0f} of processor time"
        lines.append(f"  of {size}: {words}")
    lines += ["", "where the processor time of one submission goes, milliseconds, one at a time"]
    lines += [f"  {name:<44}{value:>8.1f}" for name, value in result["parts"].items()]
    if "otter" in result:
        lines += ["", "two questions, two at a time"]
        lines += [f"  {name:<44}{value:>8.1f}" for name, value in result["otter"].items()]
    facts = ", ".join(f"{name} {fact}" for name, fact in result["machine"].items())
    return "\n".join([*lines, "", facts, f"load of the machine meanwhile: {result['load']}"])


if __name__ == "__main__":
    sys.exit(main())
