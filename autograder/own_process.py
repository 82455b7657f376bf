"""Run a function of this package in a process of its own.

    python -m autograder.own_process PIPE

The process is started anew, not forked, so the caller may have threads, and its main module is not
imported. PIPE is the file descriptor of a pipe of `multiprocessing.connection`, through which the
function comes and its result, or its error, goes.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any


def run_in_own_process(function: Callable[..., Any], *arguments: object) -> Any:
    """Call a function of a module of this package; return its result.

    Raises:
        AutograderError: as the function does.
        RuntimeError: the process has ended without a result.
    """
    pipe, theirs = Pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder.own_process", str(theirs.fileno())],
        stdin=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
    )
    theirs.close()
    try:
        pipe.send((function, arguments))
        outcome, error = pipe.recv()
    except (EOFError, OSError):
        raise RuntimeError(f"the grading process ended (exit code {process.wait()})") from None
    except BaseException:  # such as Ctrl-C: it ends its judges and workers before it ends
        process.send_signal(signal.SIGINT)
        raise
    finally:
        pipe.close()
        process.wait()
    if error is not None:
        raise error
    return outcome


def main(descriptor: int) -> None:
    """Call the function that comes through a pipe, and send back what it returns or raises."""
    os.set_inheritable(descriptor, False)
    pipe = Connection(descriptor)
    from autograder.errors import AutograderError

    function, arguments = pipe.recv()
    try:
        pipe.send((function(*arguments), None))
    except AutograderError as error:
        pipe.send((None, error))


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
