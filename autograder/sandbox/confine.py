"""Apply the sandbox layers in the forked worker, before it loads any student code.

Each layer is tried, and its state is reported as `active` or `absent: why`. The policy of the mode
(policy.py) decides whether that suffices. The order matters: namespaces and ownership need root, a
user id is given up permanently, and the system-call filter comes last because the other layers need
calls that it refuses.
"""

import os
import resource
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import identity, landlock, libc, namespaces, seccomp
from autograder.sandbox.imports import in_process
from autograder.sandbox.library import Ban, Readable, ban, readable
from autograder.sandbox.pressure import FIRST
from autograder.sandbox.processes import tasks_of
from autograder.sandbox.watch import FILE_BYTES, MAX_TASKS
from autograder.sandbox.worker_spec import WorkerSpec

ACTIVE = "active"
LAYERS = (
    "process", "rlimits", "watch", "uid", "no_new_privs", "seccomp", "landlock", "namespaces"
)  # fmt: skip

# Files that NVIDIA's driver library reads before it opens the devices.
GRAPHICS_DRIVER = ("/proc/driver/nvidia", "/sys/bus/pci/devices", "/sys/devices/pci0000:00")

OPEN_FILES = 256
PENDING_SIGNALS = 1_000
# No more tasks than this can start between two checks of the watch, which reports the excess.
_TASKS_AT_ONCE = MAX_TASKS + 64
# An unprivileged user has other processes, which come and go, and workers of other gradings.
_TASKS_OF_OTHERS = 4_096
# With 0 the kernel writes no core file, but may still pipe one to a handler program. One byte is
# too little for a file, and then the kernel does not start the handler either.
_NO_CORE = 1


@dataclass(frozen=True)
class Resources:
    """The confinement resources that a zygote prepares once for all of its workers.

    Attributes:
        leases: of the user ids that workers take on, one each; empty if workers keep the
            grader's id, else one more for each worker that is alive at the same time as others.
        why_no_uid: why no lease is available.
        task_limit: limit on all processes and threads of the grader's id, for workers that keep
            it; 0 for none.
        why_no_filter: why no system-call filter is available.
        library: the files that an interpreter must read.
        namespaces: descriptors of the namespaces that workers enter; empty if each creates its own.
    """

    leases: list[identity.Lease]
    why_no_uid: str
    task_limit: int
    why_no_filter: str
    library: tuple[str, ...]
    namespaces: list[int]


def find_resources(making: namespaces.Making) -> Resources:
    """Find out how workers of this process can be confined.

    Args:
        making: the creation of their namespaces, started earlier to run in parallel.
    """
    leases: list[identity.Lease] = []
    why_no_uid = "the grader is not root"
    if os.geteuid() == 0:
        closed = identity.closed_place()
        if closed:
            why_no_uid = f"Python lies in {closed}, which other users cannot enter"
        else:
            lease = identity.lease_uid()
            leases = [lease] if lease is not None else []
            why_no_uid = "" if leases else "all ids are in use"
    why_no_filter = seccomp.available()
    library = tuple(landlock.default_read_paths())
    task_limit = 0 if leases else _find_task_limit()
    return Resources(leases, why_no_uid, task_limit, why_no_filter, library, making.finish())


def prepare(job: WorkerSpec, resources: Resources) -> None:
    """Prepare what many workers of such a job share, so that forks of this process inherit it."""
    library_of(job, resources)
    if not resources.why_no_filter:
        filter_of(job, resources)


def descriptors(job: WorkerSpec, resources: Resources) -> list[int]:
    """Return descriptors that must be open for `confine`, which closes those that only it needs."""
    _, without = library_of(job, resources)
    return [*resources.namespaces, *([] if without is None else [without.ruleset])]


def library_of(job: WorkerSpec, resources: Resources) -> tuple[Readable, Ban | None]:
    """Return the library files a worker may read, and a ruleset without banned packages.

    It examines every installed package, once for all workers (`prepare`).
    """
    banned, allowed = tuple(job.banned), in_process(job)
    without = ban(banned, allowed)
    places = [job.folder, job.support, job.scratch, *([job.data] if job.data else [])]
    if without is not None and without.spares(places):
        return Readable(list(resources.library), []), without
    return readable(resources.library, banned, allowed), None


def filter_of(job: WorkerSpec, resources: Resources) -> bytes:
    """Return the filter for a worker's system calls."""
    return seccomp.build_program(not resources.leases, job.graphics)


def confine(job: WorkerSpec, resources: Resources, lease: identity.Lease | None) -> dict[str, str]:
    """Confine this process for a job.

    Args:
        job: the worker's specification.
        resources: the resources to confine it with.
        lease: this worker's own lease of `resources`.

    Returns:
        The state of each of `LAYERS`.
    """
    layers = dict.fromkeys(LAYERS, ACTIVE)
    layers["namespaces"] = _state(namespaces.enter(resources.namespaces))
    _hand_over(job, lease)
    _go_first()
    _limit(job)
    layers["uid"] = _state(_change_identity(resources, lease))
    layers["landlock"] = _try(lambda: _restrict_files(job, resources))
    # Landlock and seccomp both need no_new_privs; the first of them has set it.
    if resources.why_no_filter:
        layers["seccomp"] = _state(resources.why_no_filter)
    else:
        layers["seccomp"] = _try(lambda: seccomp.install(filter_of(job, resources)))
    layers["no_new_privs"] = _state("" if _status("NoNewPrivs") == "1" else "not set")
    return layers


def _state(reason: str) -> str:
    return f"absent: {reason}" if reason else ACTIVE


def _try(layer: Callable[[], object]) -> str:
    try:
        layer()
    except OSError as error:
        return _state(str(error))
    return ACTIVE


def _hand_over(job: WorkerSpec, lease: identity.Lease | None) -> None:
    """Give the worker's id its scratch folder, and access to the files that it may read."""
    if lease is None:
        return
    os.chown(job.scratch, lease.uid, lease.uid)
    for folder in job.traversed_folders:
        # Other users may traverse it if they know the names in it, but not list it.
        os.chmod(folder, 0o711)


def _go_first() -> None:
    """Make the OOM killer prefer this worker over the judge (pressure.py)."""
    try:
        with open("/proc/self/oom_score_adj", "wb", buffering=0) as file:
            file.write(b"%d" % FIRST)
    except OSError:
        pass  # the watch limits its memory in any case


def _limit(job: WorkerSpec) -> None:
    for what, wanted in (
        (resource.RLIMIT_AS, job.address_bytes or job.memory_bytes),
        (resource.RLIMIT_CPU, job.cpu_seconds),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, PENDING_SIGNALS),
        (resource.RLIMIT_NICE, 0),
        (resource.RLIMIT_RTPRIO, 0),
        *(() if job.graphics else ((resource.RLIMIT_MEMLOCK, 0),)),
        (resource.RLIMIT_CORE, _NO_CORE),
    ):
        _set_limit(what, wanted)


def _set_limit(what: int, wanted: int) -> None:
    # A hard limit cannot be raised, so a stricter one of this machine remains.
    hard = resource.getrlimit(what)[1]
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (limit, limit))


def _change_identity(resources: Resources, lease: identity.Lease | None) -> str:
    if lease is not None:
        # Counted over all processes and threads of the id, which only this worker uses.
        _set_limit(resource.RLIMIT_NPROC, _TASKS_AT_ONCE)
        identity.become(lease.uid)
        identity.show_files_to_own_id()
        return ""
    if resources.task_limit:
        _set_limit(resource.RLIMIT_NPROC, resources.task_limit)
    try:
        libc.drop_capabilities()
    except OSError as error:
        return f"{resources.why_no_uid}; capabilities could not be dropped either ({error})"
    return resources.why_no_uid


def _find_task_limit() -> int:
    """Return a limit on bursts of threads if workers share the grader's id; 0 if none is possible.

    The kernel exempts root. Containers may hide tasks of the same user that the kernel counts, so
    this function tests whether the limit leaves room.
    """
    usual = resource.getrlimit(resource.RLIMIT_NPROC)
    limit = tasks_of(os.geteuid()) + _TASKS_AT_ONCE + _TASKS_OF_OTHERS
    if usual[0] != resource.RLIM_INFINITY and usual[0] <= limit:
        return 0  # a stricter one applies
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, usual[1]))
    try:
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    except OSError:
        return 0
    finally:
        resource.setrlimit(resource.RLIMIT_NPROC, usual)
    return limit


def _restrict_files(job: WorkerSpec, resources: Resources) -> None:
    library, without = library_of(job, resources)
    data = (job.data,) if job.data else ()
    read = [*library.whole, job.folder, job.support, *data]
    write = [job.scratch, *landlock.DEFAULT_WRITE_PATHS]
    cards = sorted(map(str, Path("/dev").glob("nvidia*"))) if job.graphics else []
    read += GRAPHICS_DRIVER if job.graphics else ()
    additional = None if without is None else without.ruleset
    try:
        if landlock.restrict(read, write, library.listed, cards, additional) == 0:
            raise OSError("the kernel has no Landlock")
    finally:
        if additional is not None:
            os.close(additional)  # its holder could extend what later workers may read


def _status(field: str) -> str:
    with open("/proc/self/status", "rb") as file:
        for line in file:
            name, _, value = line.partition(b":")
            if name == field.encode():
                return value.strip().decode()
    return ""
