"""Run a function of this package in a separate process.

    python -m autograder.own_process PIPE

The process is started as a new program, not forked, so the caller may have threads, and the
caller's main module is not imported. PIPE is the file descriptor of a `multiprocessing.connection`
pipe, through which the process receives the function and sends back its result or its error.
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
    """Call a function from a module of this package in a separate process; return its result.

    Raises:
        AutograderError: the function raised it.
        RuntimeError: the process ended without a result.
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
    except BaseException:  # such as Ctrl-C: the process ends its judges and workers, then itself
        process.send_signal(signal.SIGINT)
        raise
    finally:
        pipe.close()
        process.wait()
    if error is not None:
        raise error
    return outcome


def main(descriptor: int) -> None:
    """Call the function received through a pipe, and send back what it returns or raises."""
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
