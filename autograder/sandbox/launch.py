"""Judge: start a zygote; imports little, so that the zygote can start before numpy is loaded."""

import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass

START_SECONDS = 60.0
_GRACE_SECONDS = 1.0

# One thread: a library's thread pool does not survive a fork, and grading runs workers in parallel.
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
# The next training step needs again what one step frees: the C library should not return it to the
# kernel each time, which would clear every page of it again.
MEMORY_SETTINGS = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),  # arrays up to this size come from the heap
    "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # large pages: fewer to be listed for each fork
}
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "PYTHONNOUSERSITE": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    **_ONE_THREAD,
    **MEMORY_SETTINGS,
}


@dataclass
class Launched:
    """A zygote's process, and the socket to communicate with it.

    A judge inherits the zygotes of its parent when it is forked. It may send them requests, but
    only the process that launched a zygote may end it.
    """

    process: subprocess.Popen[bytes]
    control: socket.socket
    owner: int
    options: tuple[str, ...]

    def close(self) -> None:
        """Close the socket; if this process launched the zygote, end it and all its workers."""
        self.control.close()
        if self.owner != os.getpid():
            return
        try:
            self.process.wait(timeout=_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def use_one_thread() -> None:
    """Let this process and its judges compute on one thread, like workers.

    A judge is kept on one core, where several threads would wait for each other. This must be
    called before numpy is imported; variables that the user has set are kept.
    """
    for name, value in _ONE_THREAD.items():
        os.environ.setdefault(name, value)


def launch(*options: str) -> Launched:
    """Start a zygote; it is ready when it first answers.

    Args:
        options: words for the zygote: `notebook`, `torch`, `tests`, `lean`, `bare`, `fresh`.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(START_SECONDS)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.zygote", str(theirs.fileno()), *options],
            pass_fds=[theirs.fileno()],
            env=ENVIRONMENT,
            cwd=tempfile.gettempdir(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    return Launched(process, ours, os.getpid(), options)
