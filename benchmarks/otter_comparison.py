"""Wall time to grade one submission, cold: `autograder grade` against `otter run`.

The same assignment is written twice into a temporary folder: two questions (forward and backward
of a linear layer, in NumPy), with the same checks in both. Then the two commands take turns, so
that a busy moment of the machine meets both. Before that, each has to show that it grades: a
submission whose dW is divided by the batch size loses the one point of the test that looks at dW.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from linear_layer import POINTS, write_course, write_master_notebook

ASSIGNMENT = "layers"
LIMIT_SECONDS = 120
RIGHT, WRONG = "return dZ @ W, dZ.T @ X,", "return dZ @ W, dZ.T @ X / len(X),"
WRONG_POINTS = POINTS - 1


class BenchmarkError(Exception):
    """A command failed, or did not give full marks; then times mean nothing."""


@dataclass(frozen=True)
class Contestant:
    """One of the two tools.

    Attributes:
        name: as printed.
        grade: grades a submission once and returns its score.
        complete: the complete solution.
        wrong: the same with one mistake, worth `WRONG_POINTS`.
    """

    name: str
    grade: Callable[[Path], float]
    complete: Path
    wrong: Path


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="runs of each (default 5)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            result = measure(Path(folder), max(options.runs, 1))
    except BenchmarkError as error:
        print(f"benchmark: {error}", file=sys.stderr)
        return 1
    print(json.dumps(result, indent=2) if options.json else table(result))
    return 0


def measure(folder: Path, runs: int) -> dict[str, object]:
    """Return the wall times of both tools, in turn, and what they were measured on."""
    contestants = [prepare_autograder(folder / "autograder"), prepare_otter(folder / "otter")]
    seconds: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for contestant in contestants:
        expect(contestant, contestant.grade(contestant.wrong), WRONG_POINTS)
    for _ in range(runs):
        for contestant in contestants:
            start = time.perf_counter()
            score = contestant.grade(contestant.complete)
            seconds[contestant.name].append(time.perf_counter() - start)
            expect(contestant, score, POINTS)
    ours, theirs = (statistics.median(times) for times in seconds.values())
    return {
        "seconds": {name: [round(time, 3) for time in times] for name, times in seconds.items()},
        "median": {name: round(statistics.median(times), 3) for name, times in seconds.items()},
        "ratio_of_medians": round(theirs / ours, 2),
        "machine": machine_facts(),
    }


def expect(contestant: Contestant, score: float, points: float) -> None:
    """Stop where a score is not what it must be."""
    if score != points:
        raise BenchmarkError(f"{contestant.name} gave {score} points, not {points}")


def prepare_autograder(folder: Path) -> Contestant:
    """Write the course and the complete solution as a student would submit it."""
    course, complete, wrong = folder / "course", folder / "complete", folder / "wrong"
    write_course(course, ASSIGNMENT)
    command = find_command("autograder")
    run([command, "build", ASSIGNMENT, "--solution", "--out", str(complete)], course)
    shutil.copytree(complete, wrong)
    make_wrong(wrong / "layers" / "linear.py")

    def grade(submission: Path) -> float:
        printed = run([command, "grade", ASSIGNMENT, str(submission), "--json"], course)
        (graded,) = json.loads(printed)["submissions"]
        if graded["possible"] != POINTS:
            raise BenchmarkError(f"autograder graded {graded['possible']} of {POINTS} points")
        return float(graded["score"])

    return Contestant("autograder grade", grade, complete, wrong)


def prepare_otter(folder: Path) -> Contestant:
    """Make otter's zip and solution notebook from a master notebook."""
    archive, complete = assign_otter(folder)
    wrong = folder / "wrong.ipynb"
    shutil.copy(complete, wrong)
    make_wrong(wrong)

    def grade(submission: Path) -> float:
        return grade_by_otter(archive, submission, folder / "out")

    return Contestant("otter run", grade, complete, wrong)


def assign_otter(folder: Path) -> tuple[Path, Path]:
    """Return otter's zip and the complete solution."""
    master, made = folder / "master.ipynb", folder / "made"
    folder.mkdir(parents=True)
    write_master_notebook(master)
    command = find_command("otter")
    run([command, "assign", "--no-run-tests", "--no-pdfs", str(master), str(made)], folder)
    (archive,) = (made / "autograder").glob("*.zip")
    complete = folder / "complete.ipynb"
    shutil.copy(made / "autograder" / master.name, complete)
    return archive, complete


def grade_by_otter(archive: Path, submission: Path, out: Path) -> float:
    """Grade a submission once, and return its score."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").unlink(missing_ok=True)
    command = [find_command("otter"), "run", "--no-logo", "-a", str(archive), "-o", str(out)]
    run([*command, str(submission)], out)
    tests = json.loads((out / "results.json").read_text())["tests"]
    return float(sum(test.get("score", 0.0) for test in tests))


def make_wrong(file: Path) -> None:
    """Divide dW by the batch size in a complete solution."""
    text = file.read_text()
    if text.count(RIGHT) != 1:
        raise BenchmarkError(f"{file.name} has {RIGHT!r} {text.count(RIGHT)} times, not once")
    file.write_text(text.replace(RIGHT, WRONG))


def find_command(name: str) -> str:
    """Return the command of this interpreter's own environment."""
    command = Path(sys.executable).parent / name
    if not command.exists():
        raise BenchmarkError(f"there is no {name} beside {sys.executable}; install it there")
    return str(command)


def run(command: Sequence[str], folder: Path) -> str:
    """Run a command in `folder` and return what it printed."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise BenchmarkError(
            f"`{' '.join(command)}` ended with {done.returncode}:\n{done.stderr or done.stdout}"
        )
    return done.stdout


def machine_facts() -> dict[str, str | int]:
    """Return what a reader needs to compare figures."""
    facts: dict[str, str | int] = {
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    for package in ("autograder", "otter-grader", "numpy"):
        facts[package] = importlib.metadata.version(package)
    return facts


def table(result: dict[str, object]) -> str:
    """Return the result as lines for a terminal."""
    seconds, machine = result["seconds"], result["machine"]
    assert isinstance(seconds, dict)
    assert isinstance(machine, dict)
    lines = [f"{'seconds, one submission, cold':<32}{'min':>8}{'median':>8}{'max':>8}"]
    for name, times in seconds.items():
        figures = (min(times), statistics.median(times), max(times))
        lines.append(f"{name:<32}" + "".join(f"{figure:8.2f}" for figure in figures))
    lines += [
        f"{'ratio of the medians':<40}{result['ratio_of_medians']:8}",
        "",
        ", ".join(f"{name} {fact}" for name, fact in machine.items()),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
