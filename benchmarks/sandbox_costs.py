"""What keeping student code apart costs: starts, round trips, arrays, whole gradings.

Each figure is the median of several runs, beside what it is to be compared with: layers off, a
fresh process instead of a fork, a bare socket, a copy in memory. What is compared takes turns, so
that a busy moment of the machine meets both.
"""

import argparse
import importlib.util
import json
import os
import platform
import socket
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograder.assignment import Assignment, load_assignment
from autograder.datasets import Data
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy, examine, secrets_of
from autograder.grading.judge_pool import JudgePool
from autograder.grading.run_data import RunData
from autograder.grading.task import GradingTask
from autograder.release import solution_files, write_release
from autograder.remote.messages import pack
from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox.client import Worker, Zygote
from autograder.sandbox.cores import lease_core
from autograder.sandbox.launch import launch
from autograder.sandbox.modes import present_mode
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder
from autograder.sandbox.worker_spec import WorkerSpec
from autograder.submission import find_submissions

REPOSITORY = Path(__file__).parent.parent
MODULE = """
import numpy as np

class Linear:
    def __init__(self, inputs, outputs):
        self.W, self.b = np.ones((outputs, inputs)), np.zeros(outputs)

    def forward(self, X):
        return X @ self.W.T + self.b

def size(X):
    return X.size

def same(X):
    return X
"""
# The bytes of the request and of the reply of one Linear(4, 3).forward of an 8x4 array.
REQUEST_BYTES, REPLY_BYTES = 8 + 165 + 256, 8 + 60 + 192
_EMPTY_REQUEST = pack({"operation": "warned"}, lambda value: None, 100)
TRIPS_A_RUN = 500

Seconds = dict[str, list[float]]


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=11, metavar="N", help="default 11")
    parser.add_argument(
        "--assignment", default="hw1", metavar="ID", help="also grade this one (default hw1)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    folder = temporary_folder("autograder-benchmark-")
    try:
        result = measure(folder, max(options.runs, 2), options.assignment)
    finally:
        remove_temporary_folder(folder)
    print(json.dumps(result, indent=2) if options.json else table(result))
    return 0


def measure(folder: Path, runs: int, assignment: str) -> dict[str, Any]:
    """Return all figures: for each, the seconds of each contestant."""
    for name in ("submission", "support", "scratch"):
        (folder / name).mkdir()
    (folder / "submission" / "layers.py").write_text(MODULE)
    figures: dict[str, Seconds] = {}
    figures["zygote to ready worker"] = starts(folder, runs)
    if importlib.util.find_spec("torch"):
        figures["zygote to ready worker, torch"] = starts(folder, runs, "torch")
    figures["round trip, 8x4 array"] = round_trips(folder, runs)
    figures["60,000x784 float64"] = arrays(folder, runs)
    tiny = load_assignment(REPOSITORY / "tests" / "course", "tiny")
    figures["grading of tests/course"] = gradings(tiny, folder, runs)
    real = load_assignment(REPOSITORY, assignment)
    figures[f"grading of {assignment}"] = gradings(real, folder, runs)
    return {
        "seconds": figures,
        "median": {
            figure: {name: statistics.median(times) for name, times in seconds.items()}
            for figure, seconds in figures.items()
        },
        "machine": machine_facts(),
    }


def make_job(folder: Path) -> WorkerSpec:
    """The job that every worker is opened for."""
    return WorkerSpec(
        folder=str(folder / "submission"),
        packages={"layers": []},
        support=str(folder / "support"),
        scratch=str(folder / "scratch"),
        traversed_folders=[str(folder)],
        banned=[],
        seed=1,
        memory_bytes=8 * 2**30,
        cpu_seconds=3600,
        answer_bytes=2**30,
        judge=os.getpid(),
        secrets=[],
    )


def take_turns(contestants: Mapping[str, Callable[[], float]], runs: int) -> Seconds:
    """Run each contestant once to warm up, then all in turn; returns the seconds of each."""
    for run in contestants.values():
        run()
    seconds: Seconds = {name: [] for name in contestants}
    for _ in range(runs):
        for name, run in contestants.items():
            seconds[name].append(run())
    return seconds


def timed(action: Callable[[], object]) -> float:
    """The seconds that something takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def starts(folder: Path, runs: int, *options: str) -> Seconds:
    """From asking a zygote until a worker is ready, and how long it takes to end that worker."""
    job = make_job(folder)
    zygotes = {
        "layers on": Zygote(launch(*options)),
        "layers off": Zygote(launch(*options, "bare")),
        "fresh process": Zygote(launch(*options, "fresh")),
    }
    closing: list[float] = []

    def start(zygote: Zygote) -> float:
        started = time.perf_counter()
        worker = zygote.open(job)
        seconds = time.perf_counter() - started
        closed = timed(worker.close)
        if zygote is zygotes["layers on"]:
            closing.append(closed)
        return seconds

    contestants = {name: partial(start, zygote) for name, zygote in zygotes.items()}
    seconds = take_turns(contestants, runs)
    for zygote in zygotes.values():
        zygote.close()
    return seconds | {"end of a worker": closing[1:]}


def student_of(worker: Worker, folder: Path) -> StudentProxy:
    """A handle to the module in a worker, as a rubric test has it."""
    return StudentProxy(
        StudentConnection(
            lambda request: worker.ask(request, time.monotonic() + 600), folder / "submission"
        )
    )


def round_trips(folder: Path, runs: int) -> Seconds:
    """One call with small arrays, over all layers, without them, and the same bytes bare."""
    batch = np.random.default_rng(0).normal(size=(8, 4))
    ping, hang_up = start_echo()
    contestants: dict[str, Callable[[], float]] = {}
    core = lease_core()
    zygotes = {"layers on": Zygote(launch(), core), "layers off": Zygote(launch("bare"), core)}
    for name, zygote in zygotes.items():
        worker = zygote.open(make_job(folder))
        layer = student_of(worker, folder).layers.Linear(4, 3)
        contestants[name] = partial(median_trip, partial(layer.forward, batch))
    contestants["empty request"] = lambda: median_trip(
        lambda: worker.ask(_EMPTY_REQUEST, time.monotonic() + 60)
    )
    contestants["bare socket"] = lambda: median_trip(ping)
    seconds = take_turns(contestants, runs)
    for zygote in zygotes.values():
        zygote.close()
    hang_up()
    if core is not None:
        core.give_back()
    return seconds


def median_trip(trip: Callable[[], object]) -> float:
    """The median of many, because one is shorter than a turn of the scheduler."""
    return statistics.median(timed(trip) for _ in range(TRIPS_A_RUN))


def start_echo() -> tuple[Callable[[], None], Callable[[], None]]:
    """A process that answers as many bytes with as many as a worker does: ping it, hang up."""
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        ours.close()
        while len(theirs.recv(REQUEST_BYTES, socket.MSG_WAITALL)) == REQUEST_BYTES:
            theirs.sendall(bytes(REPLY_BYTES))
        os._exit(0)
    theirs.close()

    def ping() -> None:
        ours.sendall(bytes(REQUEST_BYTES))
        ours.recv(REPLY_BYTES, socket.MSG_WAITALL)

    def hang_up() -> None:
        ours.close()
        os.waitpid(process, 0)

    return ping, hang_up


def arrays(folder: Path, runs: int) -> Seconds:
    """A training set's worth of numbers to the worker, and there and back."""
    images = np.random.default_rng(0).normal(size=(60_000, 784))
    zygote = Zygote(launch())
    layers = student_of(zygote.open(make_job(folder)), folder).layers
    size, same = layers.size, layers.same
    contestants = {
        "to the worker": lambda: timed(lambda: size(images)),
        "there and back": lambda: timed(lambda: same(images)),
        "copy in memory": lambda: timed(images.copy),
    }
    seconds = take_turns(contestants, runs)
    zygote.close()
    return seconds


def gradings(assignment: Assignment, folder: Path, runs: int) -> Seconds:
    """The items of modules graded in the complete solution, from a zygote's start to the record."""
    complete = folder / assignment.id
    write_release(solution_files(assignment), complete)
    submissions = find_submissions([complete])
    # Where notebooks run, the student's own code takes so long that the layers do not show.
    wanted = tuple(item.id for item in assignment.auto_items if not item.notebook)

    def grade(*more: str) -> float:
        started = time.perf_counter()
        launched = launch(*more)
        policy = SandboxPolicy(present_mode(), insecure=True)
        isolation = policy.isolation(examine(launched, secrets_of(assignment)))
        order = GradingConfig(assignment, wanted, 1, policy, isolation)
        pool = JudgePool(launched)
        tasks = deque(GradingTask(order, submission) for submission in submissions)
        [record] = pool.grade(tasks, 1, RunData(Data(), {}, ()))
        pool.close()
        if record.score != record.possible:
            raise SystemExit(f"benchmark: {assignment.id}: {record.score} of {record.possible}")
        return time.perf_counter() - started

    contestants = {"layers on": grade, "layers off": lambda: grade("bare")}
    return take_turns(contestants, 3 * runs)


def machine_facts() -> dict[str, str | int]:
    """Return what a reader needs to compare figures."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "mode": present_mode(),
    }


def table(result: Mapping[str, Any]) -> str:
    """Return the result as lines for a terminal; the ratio is to the first line of each figure."""
    lines = [f"{'milliseconds':<34}{'min':>9}{'median':>9}{'max':>9}{'ratio':>8}"]
    for figure, seconds in result["seconds"].items():
        lines.append(figure)
        first = statistics.median(next(iter(seconds.values())))
        for name, times in seconds.items():
            numbers = (min(times), statistics.median(times), max(times))
            shown = "".join(f"{1000 * number:9.3f}" for number in numbers)
            lines.append(f"  {name:<32}{shown}{numbers[1] / first:8.2f}{rate(figure, numbers[1])}")
    facts = ", ".join(f"{name} {fact}" for name, fact in result["machine"].items())
    return "\n".join([*lines, "", facts])


def rate(figure: str, seconds: float) -> str:
    """Gigabytes a second, for the array."""
    return f"  {60_000 * 784 * 8 / seconds / 1e9:.2f} GB/s" if "784" in figure else ""


if __name__ == "__main__":
    sys.exit(main())
