"""What runs in a worker of Dask: it hands parcels to stations, processes beside it.

A station serves one order and is kept for the next parcel. Nothing is imported here that costs
time or threads; judges and student code never run in the worker's own process.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from typing import Any, BinaryIO, cast

from autograder.batch.frames import receive, send

_lock = threading.Lock()
_idle: dict[str, list["_Station"]] = {}


class _Station:
    """A process that grades parcels of one order.

    Raises:
        Refused: it cannot, or its bundle is another one.
    """

    def __init__(self, config: dict[str, Any], parts: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.batch.grading_server", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        answer = self.ask({"order": config, "parts": parts})
        if "refused" in answer:
            self.close()
            raise Refused(answer["refused"])

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message and wait for its answer.

        Raises:
            EOFError: the station has ended.
        """
        try:
            send(cast(BinaryIO, self._process.stdin), message)
        except OSError:
            raise EOFError from None
        return receive(cast(BinaryIO, self._process.stdout))

    def close(self) -> None:
        """Have it end, and wait until it has."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()


class Refused(Exception):
    """A station cannot grade what it is asked to; the text says why."""


def grade(config: dict[str, Any], parts: dict[str, str], parcel: dict[str, Any] | None) -> bytes:
    """Grade a parcel, or only see whether one could be graded here; returns a JSON document.

    Returns:
        `{"record", "written"}`, `{"refused": words}` or `{"died": words}`; an empty
        object where there was no parcel.
    """
    key = json.dumps([config, parts], sort_keys=True)
    with _lock:
        others = [one for other in _idle.keys() - {key} for one in _idle.pop(other)]
        waiting = _idle.setdefault(key, [])
        station = waiting.pop() if waiting else None
    for other in others:  # of an order that is done; they hold memory and data sets
        other.close()
    try:
        station = station or _Station(config, parts)
        answer = {} if parcel is None else station.ask(parcel)
    except Refused as error:
        return json.dumps({"refused": str(error)}).encode()
    except EOFError:
        if station is not None:
            station.close()
        return json.dumps({"died": "the process that grades has ended"}).encode()
    with _lock:
        _idle.setdefault(key, []).append(station)
    return json.dumps(answer).encode()


@atexit.register
def _close_all() -> None:
    for stations in _idle.values():
        for station in stations:
            station.close()
