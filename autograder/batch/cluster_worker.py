"""Run in a worker of Dask: pass submissions to grading servers, which are processes of their own.

A grading server serves one configuration and is kept for the next submission. This module imports
nothing that costs time or starts threads; judges and student code never run in the worker's own
process.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from multiprocessing import Pipe
from typing import Any

_lock = threading.Lock()
_idle: dict[str, list["GradingServer"]] = {}

_NO_EVENTS = b"[]"


class GradingServer:
    """A process that grades submissions under one configuration.

    Attributes:
        process: its process.
        answer: its first message; it has no events if the server can grade.
    """

    def __init__(self, config: dict[str, Any], parts: dict[str, str]) -> None:
        self._pipe, theirs = Pipe()
        words = [str(os.getpid()), str(theirs.fileno())]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder.batch.grading_server", *words],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self.answer = self.ask({"config": config, "parts": parts})

    def ask(self, message: dict[str, Any]) -> bytes:
        """Send a request, and wait for the events that answer it.

        Raises:
            EOFError: the server has ended.
        """
        try:
            self._pipe.send(message)
            return self._pipe.recv_bytes()
        except OSError:
            raise EOFError from None

    def close(self) -> None:
        """End the process, and wait for its end."""
        self._pipe.close()
        self.process.wait()


def grade(config: dict[str, Any], parts: dict[str, str], request: dict[str, Any] | None) -> bytes:
    """Grade a submission, or only check whether one could be graded here.

    Args:
        config: what is graded, as `grade_on_cluster` describes it.
        parts: what gradings depend on, which must be the same here.
        request: the submission, as grading_server.py describes it; None to only check.

    Returns:
        Encoded events (grading/events.py), none if the check has passed.
    """
    key = json.dumps([config, parts], sort_keys=True)
    with _lock:
        others = [one for other in _idle.keys() - {key} for one in _idle.pop(other)]
        waiting = _idle.setdefault(key, [])
        server = waiting.pop() if waiting else None
    for other in others:  # their run is over, and they hold memory and datasets
        other.close()
    try:
        if server is None:
            server = GradingServer(config, parts)
            if server.answer != _NO_EVENTS:
                server.close()
                return server.answer
        answer = _NO_EVENTS if request is None else server.ask(request)
    except EOFError:
        if server is not None:
            server.close()
        # In the encoding of grading/events.py, whose import takes time.
        return json.dumps(
            [{"failure": "the process that grades has ended", "refused": False}]
        ).encode()
    with _lock:
        _idle.setdefault(key, []).append(server)
    return answer


def idle_servers() -> list[GradingServer]:
    """Return the servers that wait for a submission."""
    with _lock:
        return [server for servers in _idle.values() for server in servers]


@atexit.register
def close_idle_servers() -> None:
    """End all servers that wait for a submission."""
    for server in idle_servers():
        server.close()
    with _lock:
        _idle.clear()
