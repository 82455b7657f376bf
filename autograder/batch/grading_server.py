"""Grades what it is sent: the process that a cluster's worker starts beside itself.

    python -m autograder.batch.grading_server PARENT        in the course's folder

Workers of Dask have threads, and judges are forked from a process that has none. It reads messages
from stdin and answers each on stdout (`frames`):

    {"order": {...}, "parts": {...}}                  -> {"ready": True}, or {"refused": words}
    {"name", "wanted": [...], "seed", "submission": bytes}
                                                      -> {"record": JSON, "written": JSON or ""}

The seed of the order is that of the small data sets; each submission comes with one of its own.
"""

import json
import os
import shutil
import signal
import sys
from collections import deque
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from autograder.sandbox.launch import Launched, launch, use_one_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.grading.config import GradingConfig
    from autograder.grading.run_data import RunData

_LOOK_SECONDS = 1.0


def main(parent: int) -> None:
    """Serve until stdin ends, or the parent."""
    incoming, outgoing = sys.stdin.buffer, _own_output()
    _end_with(parent)
    use_one_thread()
    launched = launch()
    try:
        from autograder.batch.frames import receive, send
        from autograder.errors import AutograderError

        asked = receive(incoming)
        try:
            config = _config(asked["order"], launched)
            with _data(config, asked["parts"]) as data:
                send(outgoing, {"ready": True})
                _serve(config, data, launched, incoming, outgoing)
        except AutograderError as error:
            send(outgoing, {"refused": str(error)})
    except (EOFError, BrokenPipeError):
        pass  # nobody asks any more
    finally:
        launched.close()


def _own_output() -> BinaryIO:
    """Keep stdout for answers: whatever else prints, prints to stderr."""
    outgoing = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return outgoing


def _end_with(parent: int) -> None:
    """End when the parent does; the kernel could tell of the end of its thread only."""

    def look(*_: object) -> None:
        if os.getppid() != parent:
            raise SystemExit(1)

    main_process = os.getpid()
    signal.signal(signal.SIGALRM, lambda *_: look() if os.getpid() == main_process else None)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_SECONDS, _LOOK_SECONDS)


def _config(asked: dict[str, Any], launched: Launched) -> "GradingConfig":
    from autograder.assignment import find_course, load_assignment
    from autograder.grading.config import GradingConfig
    from autograder.grading.isolation import SandboxPolicy, ensure, examine, secrets_of
    from autograder.grading.requirements import ensure_installed
    from autograder.sandbox.modes import present_mode

    course = Path(os.environ.get("AUTOGRADER_COURSE") or Path.cwd())
    assignment = load_assignment(find_course(course), asked["assignment"])
    policy = SandboxPolicy(asked["mode"] or present_mode(), asked["insecure"])
    report = examine(launched, secrets_of(assignment))
    ensure(policy, report)
    wanted = tuple(item.id for item in assignment.items)
    config = GradingConfig(
        assignment,
        wanted,
        asked["seed"],
        policy,
        policy.isolation(report),
        None,
        asked["full"],
        data_seed=asked["seed"],
    )
    ensure_installed(config)
    return config


@contextmanager
def _data(config: "GradingConfig", parts: dict[str, str]) -> "Iterator[RunData]":
    """Get the data sets ready, and see that everything is as it is with the one who asks."""
    from autograder.errors import AutograderError
    from autograder.grading.cache_keys import make_bundle
    from autograder.grading.run_data import run_data

    with run_data(config) as data:
        different = make_bundle(config, data).differences(parts)
        if different:
            raise AutograderError(
                f"it has another version of: {', '.join(different)}",
                str(config.assignment.root),
                "give it the same course folder, autograder and libraries",
            )
        yield data


def _serve(
    config: "GradingConfig",
    data: "RunData",
    launched: Launched,
    incoming: BinaryIO,
    outgoing: BinaryIO,
) -> None:
    from autograder.batch.frames import receive, send
    from autograder.batch.submission_zip import unpacked
    from autograder.grading.batch import Task, grade_tasks
    from autograder.results import to_dict
    from autograder.results.written import WRITTEN_FILE
    from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder

    folder = temporary_folder("autograder-station-")
    tasks: deque[Task] = deque()

    def wait_for_one() -> None:
        message = receive(incoming)
        submission = unpacked(message["name"], message["submission"], folder)
        wanted = tuple(message["wanted"])
        own = replace(config, wanted=wanted, results=folder / "out", seed=message["seed"])
        tasks.append(Task(own, submission))

    try:
        wait_for_one()
        for record in grade_tasks(tasks, data, 1, launched):
            written = next((folder / "out").glob(f"*/{WRITTEN_FILE}"), None)
            answers = written.read_text(encoding="utf-8") if written is not None else ""
            shutil.rmtree(folder / "out", ignore_errors=True)
            text = json.dumps(to_dict(record))
            send(outgoing, {"record": text, "written": answers})
            wait_for_one()
    finally:
        remove_temporary_folder(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]))
