"""Grade submissions for a worker of a cluster, which starts this process.

    python -m autograder.batch.grading_server PARENT PIPE        in the course's folder

Workers of Dask have threads, and judges must be forked from a process without threads. Requests
come through a pipe of `multiprocessing.connection`, whose file descriptor is PIPE. Each is answered
by one message of events (grading/events.py):

    {"config": {...}, "parts": {...}}      -> no events, or a failure
    {"name", "wanted": [...], "seed", "submission": bytes}
                                           -> the written answers, if any, and the record

The seed in the first request is that of the small datasets; each submission has a seed of its own.
"""

import json
import os
import shutil
import signal
import sys
from collections import deque
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.assignment import find_course, load_assignment
from autograder.errors import AutograderError
from autograder.grading.session import GradingRequest, GradingSession

if TYPE_CHECKING:
    from autograder.grading.run_data import RunData

_LOOK_SECONDS = 1.0


def main(parent: int, descriptor: int) -> None:
    """Grade until the parent closes the pipe, or ends."""
    os.set_inheritable(descriptor, False)
    pipe = Connection(descriptor)
    os.dup2(2, 1)  # everything that is printed goes to the log
    _end_with(parent)
    try:
        asked = pipe.recv()
        with GradingSession(_request(asked["config"])) as session:
            _open_and_serve(session, asked["parts"], pipe)
    except (EOFError, BrokenPipeError):
        pass  # the parent has closed the pipe


def _end_with(parent: int) -> None:
    """End when the parent does; the kernel could only report the end of the thread that forked."""

    def look(*_: object) -> None:
        if os.getppid() != parent:
            raise SystemExit(1)

    main_process = os.getpid()
    signal.signal(signal.SIGALRM, lambda *_: look() if os.getpid() == main_process else None)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_SECONDS, _LOOK_SECONDS)


def _open_and_serve(session: GradingSession, parts: dict[str, str], pipe: Connection) -> None:
    from autograder.grading.events import GradingFailed, encode

    try:
        session.prepare()
        with session.run_data() as data:
            _compare(session, data, parts)
            pipe.send_bytes(encode())
            _serve(session, data, pipe)
    except AutograderError as error:
        pipe.send_bytes(encode(GradingFailed(str(error), refused=True)))


def _request(asked: dict[str, Any]) -> GradingRequest:
    course = Path(os.environ.get("AUTOGRADER_COURSE") or Path.cwd())
    return GradingRequest(
        load_assignment(find_course(course), asked["assignment"]),
        seed=asked["seed"],
        mode=asked["mode"],
        insecure=asked["insecure"],
        full=asked["full"],
    )


def _compare(session: GradingSession, data: "RunData", parts: dict[str, str]) -> None:
    """Check that everything that gradings depend on is the same as on the machine that asks."""
    from autograder.grading.cache_keys import make_cache_keys

    different = make_cache_keys(session.config, data).differences(parts)
    if different:
        raise AutograderError(
            f"it has another version of: {', '.join(different)}",
            str(session.config.assignment.root),
            "give it the same course folder, autograder and libraries",
        )


def _serve(session: GradingSession, data: "RunData", pipe: Connection) -> None:
    from autograder.batch.submission_zip import unpacked
    from autograder.grading.events import AnswersFound, Event, SubmissionGraded, encode
    from autograder.grading.task import GradingTask
    from autograder.results.written import WRITTEN_FILE
    from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder

    folder = temporary_folder("autograder-server-")
    out = folder / "out"
    tasks: deque[GradingTask] = deque()

    def wait_for_one() -> None:
        asked = pipe.recv()
        submission = unpacked(asked["name"], asked["submission"], folder)
        wanted = tuple(asked["wanted"])
        config = replace(session.config, wanted=wanted, results=out, seed=asked["seed"])
        tasks.append(GradingTask(config, submission))

    try:
        wait_for_one()
        for record in session.grade_tasks(tasks, data):
            events: list[Event] = [
                AnswersFound(json.loads(file.read_text(encoding="utf-8")))
                for file in out.glob(f"*/{WRITTEN_FILE}")
            ]
            shutil.rmtree(out, ignore_errors=True)
            pipe.send_bytes(encode(*events, SubmissionGraded(record)))
            wait_for_one()
    finally:
        remove_temporary_folder(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
