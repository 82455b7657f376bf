"""Where the processor time of one grading goes: by process, and in the judge by what it does.

The processes are told apart by what the kernel counts for each. In the judge the processor's clock
is read around what is called; it is forked from this process, so it calls what is put in place
here. What student code takes by itself is measured once more without any sandbox: imports and
calls, in a process of its own for each submission.
"""

import json
import os
import resource
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.datasets import Data
from autograder.grading import judge_process
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy, examine, secrets_of
from autograder.grading.item_runner import ItemRunner
from autograder.grading.judge_pool import JudgePool
from autograder.grading.judge_process import wanted_of
from autograder.grading.rubric_suite import RubricSuite
from autograder.grading.run_data import RunData
from autograder.grading.task import GradingTask
from autograder.grading.test_phases import TestPhase, running_order
from autograder.grading.test_run import TestRun
from autograder.remote.object_server import ObjectServer
from autograder.results import write_results
from autograder.results.gradings import Grading, Gradings
from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox.launch import launch
from autograder.sandbox.modes import present_mode
from autograder.submission import Submission, fingerprint

_TICK = os.sysconf("SC_CLK_TCK")


def parts_of_a_grading(
    assignment: Assignment, items: Sequence[str], places: Sequence[Path]
) -> dict[str, float]:
    """Return milliseconds of processor time for one submission, by what they were spent on."""
    launched = launch()
    policy = SandboxPolicy(present_mode(), insecure=True)
    isolation = policy.isolation(examine(launched, secrets_of(assignment)))
    order = GradingConfig(assignment, tuple(items), 1, policy, isolation)
    own = student_code(order, places)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        watch_judges(log)
        started, main, judges = of_process(launched.process.pid), of_self(), of_children()
        tasks = deque(GradingTask(order, Submission(place.name, place)) for place in places)
        records = []
        pool = JudgePool(launched)
        for record in pool.grade(tasks, 1, RunData(Data(), {}, ())):
            records.append(record)
            if len(records) == len(places):  # zygote and judge are ended with the run
                ended = of_process(launched.process.pid)
        pool.close()
        # Children that have ended count with all that they took, also before the first submission.
        main, judges = of_self() - main, of_children() - judges - sum(ended)
        zygote = less(ended, started)
        began = of_self()
        gradings = Gradings(Path(folder), assignment.id)
        gradings.begin_run("", {}, "", 1, regrade=False)
        for record, place in zip(records, places, strict=True):
            found = fingerprint(Submission(place.name, place), wanted_of(assignment))
            write_results(Path(folder), record)
            gradings.put(Grading(record, found, "", "", {}, {}))
        gradings.close()
        kept = of_self() - began
        judged = [json.loads(line) for line in log.read_text().splitlines()]
    inside = {name: sum(one[name] for one in judged) for name in ("collect", "ask", "open")}
    total = main + judges + sum(zygote) + kept
    seconds = {
        "start: files collected": inside["collect"],
        "start: workers (zygote)": zygote[0],
        "workers: layers, serving, student code": zygote[1],
        "  of that student code by itself": own,
        "judge: opening and closing workers": inside["open"],
        "judge: wire, its side": inside["ask"],
        "judge: tests and pytest": judges - sum(inside.values()),
        "batch: forks, news, records": main,
        "records: hash, files, store": kept,
        "all": total,
        "all, above what student code takes by itself": total - own,
    }
    return {name: 1000 * value / len(places) for name, value in seconds.items()}


def student_code(order: GradingConfig, places: Sequence[Path]) -> float:
    """Seconds that the student's imports and calls take, all submissions together."""
    return sum(alone(partial(in_this_process, order, place)) for place in places)


def alone(measure: Callable[[], float]) -> float:
    """Measure in a fork."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(theirs, repr(measure()).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return float(text or 0.0)


def in_this_process(order: GradingConfig, place: Path) -> float:
    """Run the rubric with the student's code in this process; the seconds spent in that code."""
    packages = {one.name: one.rules.as_plain() for one in order.assignment.packages}
    support = order.assignment.rubric_folder / "support"
    spent = Spent()
    for name in ("_module", "_attribute", "_call", "_item", "_length"):
        setattr(ObjectServer, name, spent.counted(getattr(ObjectServer, name)))
    server = ObjectServer(place, packages, support)

    class Here:
        """Runs the student's code of every item."""

        def student(self, phase: TestPhase) -> StudentProxy:
            return StudentProxy(StudentConnection(server.handle, place))

        def look(self) -> None: ...

        def distrust(self) -> None: ...

    phases = running_order(order.assignment, order.wanted)
    suite = RubricSuite(order.assignment, order.auto_wanted)
    here: Any = Here()
    suite.run(TestRun(order.assignment, phases, here, order.seed, Data()))
    return spent.seconds


def watch_judges(log: Path) -> None:
    """Have every judge write down what it spends on what."""
    spent = {name: Spent() for name in ("collect", "ask", "open")}
    judge_process.collect = spent["collect"].counted(judge_process.collect)
    ItemRunner._ask = spent["ask"].counted(ItemRunner._ask)  # type: ignore[method-assign]
    ItemRunner._begin_phase = spent["open"].counted(ItemRunner._begin_phase)  # type: ignore[method-assign]
    grade = judge_process._grade

    def grade_and_tell(*arguments: Any) -> Any:
        try:
            return grade(*arguments)
        finally:
            seconds = {name: one.taken() for name, one in spent.items()}
            with log.open("a") as file:
                file.write(json.dumps(seconds) + "\n")

    judge_process._grade = grade_and_tell


class Spent:
    """Counts the processor time of functions; what they call of their kind counts once.

    Attributes:
        seconds: all of it that has not been taken down.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._is_inside = False

    def taken(self) -> float:
        """The seconds since this was last asked; a judge grades several submissions."""
        seconds, self.seconds = self.seconds, 0.0
        return seconds

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose calls are counted."""

        def call(*arguments: Any, **keywords: Any) -> Any:
            if self._is_inside:
                return function(*arguments, **keywords)
            self._is_inside = True
            started = time.process_time()
            try:
                return function(*arguments, **keywords)
            finally:
                self.seconds += time.process_time() - started
                self._is_inside = False

        return call


def of_process(process: int) -> tuple[float, float]:
    """Processor seconds of a process, and of those of its children that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own, children = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return own / _TICK, children / _TICK


def of_self() -> float:
    """Processor seconds of this process."""
    return time.process_time()


def of_children() -> float:
    """Processor seconds of the children of this process that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def less(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The difference of two pairs."""
    return one[0] - other[0], one[1] - other[1]
