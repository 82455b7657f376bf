"""The program that workers are forked from: it has imported numpy, and nothing secret.

    python -m autograder.sandbox.zygote DESCRIPTOR

DESCRIPTOR is a sequenced-packet socket. Each packet is a msgpack dict, and each has one answer:

    {"open": job} with a descriptor attached  -> {"process": pid}: a worker serves on it
    {"close": pid, "grace": seconds}          -> {"exit": code or -signal, or None where killed}

No student code ever runs in the zygote, so every worker begins in a known state, and killing a
worker leaves the next one untouched. Hidden tests and expected values are never loaded here,
because a fork would hand them to the student.
"""

import os
import signal
import socket
import sys
import time
from dataclasses import asdict
from typing import Any

import msgpack

from autograder.sandbox.reap import become_subreaper, kill_descendants
from autograder.sandbox.worker import Job, serve

PACKET_BYTES = 2**16


def main(descriptor: int) -> None:
    """Serve the judge until it hangs up, then take all workers along."""
    control = socket.socket(fileno=descriptor)
    become_subreaper()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the judge's to handle
    while True:
        packet, descriptors, _, _ = socket.recv_fds(control, PACKET_BYTES, 1)
        if not packet:
            break
        request = msgpack.unpackb(packet)
        if "open" in request:
            answer: dict[str, Any] = {"process": _fork(request["open"], descriptors[0], control)}
        else:
            answer = {"exit": _end(request["close"], request["grace"])}
        control.send(msgpack.packb(answer))
    kill_descendants()


def _fork(job: dict[str, Any], descriptor: int, control: socket.socket) -> int:
    process = os.fork()
    if process:
        os.close(descriptor)
        return process
    # The worker. Whatever happens, it must never return into the zygote's loop.
    try:
        control.close()
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        serve(Job(**job), socket.socket(fileno=descriptor))
    finally:
        os._exit(0)


def _end(process: int, grace: float) -> int | None:
    """Wait `grace` seconds for a worker to end, then kill it with everything it has started.

    Returns:
        The exit code (negative: the signal) it ended with by itself, None where it was killed.
    """
    until = time.monotonic() + grace
    try:
        ended, status = os.waitpid(process, os.WNOHANG)
        while not ended and time.monotonic() < until:
            time.sleep(0.005)
            ended, status = os.waitpid(process, os.WNOHANG)
    except ChildProcessError:
        return None  # a worker of an earlier zygote that is gone
    kill_descendants()
    return os.waitstatus_to_exitcode(status) if ended else None


def packed_job(job: Job) -> bytes:
    """The packet that asks for a worker."""
    return bytes(msgpack.packb({"open": asdict(job)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
