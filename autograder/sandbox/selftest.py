"""Try to break out of the sandbox, in the worker, before it loads student code.

An active layer need not work: a kernel, a container or a mount may differ from what it seems. So
each promise is tested by its effect, and the result is reported: `held`, or how it was broken.
"""

import errno
import fcntl
import os
import socket
from collections.abc import Callable, Iterable, Iterator

from autograder.sandbox.libc import CLONE_NEWUSER, last_error, libc
from autograder.sandbox.worker_spec import WorkerSpec

HELD = "held"
SHARED_FOLDERS = "write to shared folders"

_REFUSED = (
    errno.EPERM,
    errno.ENOSYS,
)  # refused by the filter; the kernel would complain about the arguments


def probe(job: WorkerSpec) -> dict[str, str]:
    """Try everything that must fail and everything that must work.

    Returns:
        Attempt -> `HELD`, or a description of what went wrong.
    """
    return {name: _outcome(attempt) for name, attempt in _attempts(job)}


def _outcome(attempt: Callable[[], str]) -> str:
    try:
        return attempt() or HELD
    except Exception as error:  # a probe that cannot be tried proves nothing
        return f"could not be tried ({type(error).__name__}: {error})"


def _attempts(job: WorkerSpec) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "become root", lambda: _must_fail(lambda: os.setresuid(0, 0, 0), unless=_is_root_anyway)
    yield "open sockets", _open_sockets
    yield "read secrets", lambda: _read_any(job.secrets)
    yield "write to what was handed in", lambda: _write_any([job.folder, job.support])
    yield SHARED_FOLDERS, lambda: _write_any(["/tmp", "/var/tmp", "/dev/shm"])
    yield (
        "read the grader's memory",
        lambda: _read_any(
            f"/proc/{process}/{file}"
            for process in (job.judge, os.getppid())
            for file in ("mem", "environ", "maps")
        ),
    )
    yield "signal the grader", lambda: _signal_any([job.judge, os.getppid()])
    yield "execute a program", lambda: _must_fail(lambda: os.execv("/bin/true", ["/bin/true"]))
    yield "make a namespace", _unshare
    yield "reach the kernel by odd calls", lambda: _call_oddly(job.scratch)
    yield "work at all", lambda: _work(job.scratch)


def _must_fail(action: Callable[[], object], unless: Callable[[], bool] = lambda: False) -> str:
    try:
        action()
    except OSError:
        return HELD
    return HELD if unless() else "it worked"


def _is_root_anyway() -> bool:
    """Return whether the worker keeps root's id, so that becoming root gains nothing."""
    return os.getuid() == 0 and not _has_capabilities()


def _has_capabilities() -> bool:
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        return any(line.startswith("CapEff:") and int(line.split()[1], 16) for line in file)


def _open_sockets() -> str:
    for family in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET", "AF_VSOCK"):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            number = getattr(socket, family, None)
            try:
                if number is not None:
                    socket.socket(number, kind).close()
                    return f"{family} can be opened"
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.EACCES):
                    continue  # a family or type that this kernel does not support
    return HELD


def _read_any(paths: Iterable[str]) -> str:
    for path in paths:
        try:
            if os.path.isdir(path):
                os.listdir(path)
            else:
                with open(path, "rb") as file:
                    file.read(1)
        except OSError:
            continue
        return f"{path} can be read"
    return HELD


def _write_any(folders: list[str]) -> str:
    for folder in folders:
        path = os.path.join(folder, f".autograder-probe-{os.getpid()}")
        try:
            with open(path, "wb"):
                os.unlink(path)
        except OSError:
            continue
        return f"{folder} can be written to"
    return HELD


def _signal_any(processes: list[int]) -> str:
    for process in processes:
        try:
            os.kill(process, 0)
        except OSError:
            continue
        return f"process {process} can be signalled"
    return HELD


def _unshare() -> str:
    return "it worked" if libc.unshare(CLONE_NEWUSER) == 0 else HELD


def _call_oddly(scratch: str) -> str:
    """Try one call of each kind that only an allow-list keeps away."""
    path = os.path.join(scratch, "probe")
    with open(path, "w+b") as file:
        os.unlink(path)
        room, number = [bytearray(1)], file.fileno()
        attempts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("a file can be leased", lambda: fcntl.fcntl(number, fcntl.F_SETLEASE, fcntl.F_RDLCK)),
            (
                "pages that are in memory can be found out",
                lambda: os.preadv(number, room, 0, getattr(os, "RWF_NOWAIT", 8)),
            ),
            ("files can be taken out of memory", lambda: os.posix_fadvise(number, 0, 0, 4)),
        )
        for words, attempt in attempts:
            if _must_fail(attempt) != HELD:
                return words
        if libc.inotify_init1(0) >= 0:
            return "changes in folders can be watched"
        if libc.vmsplice(number, None, 0, 0) >= 0 or last_error().errno not in _REFUSED:
            return "memory can be put into pipes"
    return HELD


def _work(scratch: str) -> str:
    """Test what student code needs: a writable folder, numpy, and late imports."""
    import importlib

    import numpy as np

    path = os.path.join(scratch, "probe")
    with open(path, "w+b") as file:
        file.write(b"probe")
    os.unlink(path)
    if float((np.ones((2, 3)) @ np.ones(3)).sum()) != 6.0:
        return "numpy computes wrongly"
    importlib.import_module("colorsys")
    return HELD
