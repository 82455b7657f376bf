"""What grading adds to the student's own computing where notebooks are run.

The complete solution is graded in full, several times, by `autograder grade --from`, one at a time,
because two at a time slow each other down where cores share their units. Then its notebooks are run
and its functions called by the same tests in a process without any sandbox, and only what the
student's side takes is counted.
"""

import argparse
import ctypes
import gc
import os
import sys
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

from class_of_500 import REPOSITORY, grade_class, marginal
from grading_parts import Spent, alone
from one_thread import begin_anew_on_one_thread
from otter_comparison import machine_facts

from autograder.assignment import Assignment, Item, load_assignment
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.rubric_suite import RubricSuite
from autograder.grading.run_data import RunData, run_data
from autograder.grading.submission_dir import make_submission_dir
from autograder.grading.test_phases import TestPhase, running_order
from autograder.grading.test_run import TestRun
from autograder.release import plan_release, solution_files, write_release
from autograder.remote.object_server import ObjectServer
from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox.launch import MEMORY_SETTINGS
from autograder.sandbox.modes import present_mode
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder
from autograder.sandbox.zygote import warm_up

_FEW, _MANY = 1, 6
_SEED = 1
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assignment", default="hw1", metavar="ID")
    options = parser.parse_args()
    begin_anew_on_one_thread()
    assignment = load_assignment(REPOSITORY, options.assignment)
    items = [item.id for item in assignment.auto_items]
    folder = temporary_folder("autograder-benchmark-")
    try:
        classes = []
        for size in (_FEW, _MANY):
            for number in range(size):
                write_solution(assignment, folder / f"class-{size}" / f"student-{number}")
            place = folder / f"class-{size}"
            classes.append(grade_class(assignment.id, ",".join(items), place, jobs=1))
        graded = marginal(*classes, _MANY - _FEW)["processor"]
        own = 1000 * own_seconds(assignment, items, folder)
    finally:
        remove_temporary_folder(folder)
    print(f"{len(items)} items, with notebooks: {graded:.0f} ms of processor time a submission")
    print(f"of that the student's own: {own:.0f} ms; added: {100 * (graded - own) / own:.0f} %")
    print(", ".join(f"{name} {fact}" for name, fact in machine_facts().items()))
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")
    return 0


def write_solution(assignment: Assignment, folder: Path) -> None:
    """Write what a student with the complete solution has."""
    write_release({**plan_release(assignment), **solution_files(assignment)}, folder)


def own_seconds(assignment: Assignment, items: list[str], folder: Path) -> float:
    """Seconds that the student's side takes: the mean of three runs."""
    policy: Any = SandboxPolicy(present_mode(), insecure=True)
    order = GradingConfig(assignment, tuple(items), _SEED, policy, {"mode": "", "layers": {}})
    with run_data(order) as data:
        places = [folder / f"alone-{number}" / "submission" for number in range(3)]
        for place in places:
            write_solution(assignment, place)
        return mean(alone(partial(in_this_process, order, data, place)) for place in places)


def in_this_process(order: GradingConfig, data: RunData, place: Path) -> float:
    """Run the rubric with the student's code and notebooks here; the seconds spent in those."""
    be_like_a_worker(order)
    spent = Spent()
    suite = RubricSuite(order.assignment, order.auto_wanted)
    phases = running_order(order.assignment, order.wanted)
    here: Any = Here(order, data, place, spent)
    suite.run(TestRun(order.assignment, phases, here, _SEED, data.whole))
    return spent.seconds


def be_like_a_worker(order: GradingConfig) -> None:
    """Do with this process's memory what a zygote does with its own (sandbox/launch.py)."""
    libc = ctypes.CDLL(None)
    libc.mallopt(_M_MMAP_THRESHOLD, int(MEMORY_SETTINGS["MALLOC_MMAP_THRESHOLD_"]))
    libc.mallopt(_M_TRIM_THRESHOLD, int(MEMORY_SETTINGS["MALLOC_TRIM_THRESHOLD_"]))
    for options in order.options:
        warm_up(options)
    gc.freeze()


class Here:
    """The student's code in this process: a server for the packages, and one for each notebook."""

    def __init__(self, order: GradingConfig, data: RunData, place: Path, spent: Spent) -> None:
        self._order, self._data, self._place, self._spent = order, data, place, spent
        self._dir = make_submission_dir(order.assignment, place, _SEED, data.small)
        self._servers: dict[str, ObjectServer] = {}

    def student(self, phase: TestPhase) -> StudentProxy:
        """The handle for a test of an item."""
        item = self._order.assignment.item(phase[0])
        server = self._servers.get(item.notebook) or self._new_server(item)
        return StudentProxy(StudentConnection(self._spent.counted(server.handle), self._place))

    def look(self) -> None: ...

    def distrust(self) -> None: ...

    def _new_server(self, item: Item) -> ObjectServer:
        scratch = self._dir.new_scratch()
        if item.notebook:
            notebook = self._order.assignment.notebook(item.notebook)
            spec = self._dir.notebook_spec(notebook, notebook.timeout_s, scratch)
        else:
            spec = self._dir.packages_spec(item.needs, item.timeout_s, scratch)
        if spec.data:
            os.environ["AUTOGRADER_DATA"] = spec.data
        server = ObjectServer(
            Path(spec.folder),
            spec.packages,
            Path(spec.support),
            notebooks=spec.notebooks,
            scratch=scratch,
        )
        self._servers[item.notebook] = server
        return server


if __name__ == "__main__":
    sys.exit(main())
