"""List the system calls that student code may make, each with the reason.

CPython, NumPy, PyTorch, matplotlib and IPython were traced in workers, and calls that do no more
than the traced ones of their group were added. All other calls are refused, including those of
future kernels.

If a call has safe and unsafe uses, its arguments decide. The kernel reads only the lower half of an
int argument, and so do these rules; otherwise an upper half that the kernel ignores would carry a
refused value past them.
"""

import errno
from typing import NamedTuple

_INT = 0xFFFF_FFFF
_WORD = 0xFFFF_FFFF_FFFF_FFFF


class Test(NamedTuple):
    """A condition: under a mask, an argument of a call must have a value.

    Attributes:
        argument: its index, from 0.
        mask: the bits to compare.
        value: the required value of these bits.
    """

    argument: int
    mask: int
    value: int


class Rule(NamedTuple):
    """A call that is allowed if all tests of its arguments hold.

    Attributes:
        call: its name.
        tests: the conditions on its arguments.
        why: the code that needs it.
    """

    call: str
    tests: tuple[Test, ...]
    why: str


def _is(index: int, value: int) -> Test:
    """Require an int argument to have this value."""
    return Test(index, _INT, value)


def _only(index: int, *flags: int, bits: int = _INT) -> Test:
    """Require an argument to have no other bits than these flags."""
    return Test(index, bits & ~sum(set(flags)), 0)


# Reason -> calls that are safe with any arguments.
ALLOWED = {
    "reading and writing what is open": """
        read write readv writev pread64 pwrite64 preadv pwritev lseek close
        dup dup2 dup3 ftruncate fsync fdatasync""",
    "finding and opening files; Landlock and file rights decide which": """
        open openat creat stat fstat lstat newfstatat statx access faccessat faccessat2
        readlink readlinkat getdents getdents64 getcwd chdir fchdir statfs fstatfs umask
        getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr""",
    "making, moving and removing files in the scratch folder": """
        mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat
        symlink symlinkat truncate""",
    "memory of the process itself, within its limit on address space": """
        brk munmap mprotect msync""",
    "threads and locks": """
        set_tid_address set_robust_list rseq sched_yield exit""",
    "child processes": """
        fork wait4 waitid exit_group setsid setpgid""",
    "signals; the user id and Landlock decide to whom": """
        rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigpending rt_sigtimedwait
        sigaltstack kill tgkill pause restart_syscall alarm setitimer getitimer""",
    "waiting for descriptors; asyncio and IPython": """
        poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
        eventfd eventfd2""",
    "sockets that are open already: the channel, and pairs of its own": """
        shutdown getsockname getpeername""",
    "the time": """
        clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times""",
    "what the process is, and what it has used": """
        getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups
        getpgid getpgrp getsid getrusage getrlimit setrlimit getpriority uname sysinfo""",
    "how many cores there are; libraries size their thread pools by it": """
        getcpu sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max
        sched_get_priority_min sched_rr_get_interval get_mempolicy""",
    "random numbers": "getrandom",
}
# For a worker with its own id. One that keeps the grader's id also owns the grader's files:
# Landlock protects the content of files, not their rights and times.
OWN_FILES = {
    "rights and times of its own files; shutil and zipfile copy them": """
        chmod fchmod fchmodat utime utimes utimensat futimesat"""
}

# Calls that libraries try first and replace, as on an older kernel. All others return EPERM.
ABSENT = {
    "libc then uses clone, whose flags a filter can see": "clone3",
    "no limit of a process counts this memory": "memfd_create memfd_secret",
    "libc then uses preadv and pwritev, which have no flags": "preadv2 pwritev2",
    "libc then uses openat; a filter cannot see its flags": "openat2",
    "CPython then uses signals": "pidfd_open",
    "libraries then use what memory the kernel gives them": "mbind set_mempolicy",
    "libraries then wait with poll": "io_uring_setup io_setup signalfd4 timerfd_create",
}
# Calls that copy a whole file and would hold its pages in pipes and sockets. After certain errors
# CPython copies by reading and writing: for each call, the error closest to "not supported".
UNSUITABLE = {
    "sendfile": errno.ENOTSOCK, "copy_file_range": errno.EXDEV, "ioctl": errno.EOPNOTSUPP
}  # fmt: skip
_FICLONE = 0x4004_9409
# Calls that do nothing and report success. Kernels may ignore advice. Locks bind only processes
# that use them: databases and HDF5 do, and do not use a file without. Real locks take memory that
# is not counted, and others can ask who holds them.
_SET_LOCKS = {
    6: "F_SETLK: databases", 7: "F_SETLKW: fcntl.lockf", 37: "F_OFD_SETLK", 38: "F_OFD_SETLKW"
}  # fmt: skip
_ADVICE = {1: "RANDOM: mmap.madvise", 2: "SEQUENTIAL", 3: "WILLNEED"}
# DONTNEED stays refused: code that drops pages does not do it for its own benefit.
_FILE_ADVICE = {0: "NORMAL: os.posix_fadvise", 1: "RANDOM", 2: "SEQUENTIAL", 3: "WILLNEED"}

_CLOEXEC, _NONBLOCK = 0x8_0000, 0x800
_THREAD = 0x003D_0F00
"""VM, FS, FILES, SYSVSEM, SIGHAND, THREAD, SETTLS, PARENT_SETTID and CHILD_CLEARTID: as libc
creates threads. They share everything, so one thread of a process shows the files of all."""
_DETACHED = 0x0040_0000  # musl adds it; the kernel ignores it
_CHILD_IDS = (0x0100_0000, 0x0020_0000, 0x0010_0000)
"""CHILD_SETTID, CHILD_CLEARTID and PARENT_SETTID: where a fork notes its id."""
_SIGCHLD = 17

_MAP_FLAGS = (
    0x10,  # FIXED
    0x800, 0x1000,  # DENYWRITE and EXECUTABLE: the loader sets them, the kernel ignores them
    0x4000,  # NORESERVE
    0x2_0000,  # STACK
    0x10_0000,  # FIXED_NOREPLACE
)  # fmt: skip
_ANONYMOUS = 0x20

_FCNTL = {
    0: "F_DUPFD", 1: "F_GETFD", 2: "F_SETFD", 3: "F_GETFL", 1030: "F_DUPFD_CLOEXEC"
}  # fmt: skip
_F_SETFL = 4
# Access mode, APPEND, NONBLOCK, DSYNC, SYNC, CLOEXEC, and LARGEFILE of both machines: not ASYNC,
# which sends signals, nor DIRECT.
_FILE_FLAGS = (3, 0x400, _NONBLOCK, 0x1000, 0x10_0000, _CLOEXEC, 0x8000, 0x2_0000)

_IOCTL = {
    0x5401: "TCGETS: isatty", 0x802C_542A: "TCGETS2: isatty of newer C libraries",
    0x5413: "TIOCGWINSZ: shutil.get_terminal_size", 0x541B: "FIONREAD", 0x5421: "FIONBIO",
    0x5450: "FIONCLEX", 0x5451: "FIOCLEX",
}  # fmt: skip

_PRCTL = {
    1: "SET_PDEATHSIG: multiprocessing", 2: "GET_PDEATHSIG", 3: "GET_DUMPABLE",
    15: "SET_NAME: names of threads", 16: "GET_NAME", 21: "GET_SECCOMP",
    38: "SET_NO_NEW_PRIVS", 39: "GET_NO_NEW_PRIVS",
    51: "SVE_GET_VL: vector libraries on arm64", 56: "GET_TAGGED_ADDR_CTRL",
}  # fmt: skip

_ARCH_PRCTL = {
    0x1002: "SET_FS: the loader", 0x1003: "GET_FS", 0x1021: "GET_XCOMP_SUPP",
    0x1022: "GET_XCOMP_PERM", 0x1023: "REQ_XCOMP_PERM: matrix units, for PyTorch",
}  # fmt: skip

_MADVISE = {
    0: "NORMAL", 4: "DONTNEED", 8: "FREE", 10: "DONTFORK", 11: "DOFORK", 14: "HUGEPAGE",
    15: "NOHUGEPAGE", 16: "DONTDUMP", 17: "DODUMP", 18: "WIPEONFORK", 19: "KEEPONFORK",
    102: "GUARD_INSTALL: stacks of threads", 103: "GUARD_REMOVE",
}  # fmt: skip

_FUTEX = {
    0: "WAIT", 1: "WAKE", 3: "REQUEUE", 4: "CMP_REQUEUE", 5: "WAKE_OP", 9: "WAIT_BITSET",
    10: "WAKE_BITSET",
}  # fmt: skip
_FUTEX_OPERATION = _INT & ~(128 | 256)  # PRIVATE and CLOCK_REALTIME go with any of them

_MEMBARRIER = {0: "QUERY", 8: "PRIVATE_EXPEDITED", 16: "REGISTER_PRIVATE_EXPEDITED"}

_SOCKET_OPTIONS = {3: "SO_TYPE", 4: "SO_ERROR", 38: "SO_PROTOCOL", 39: "SO_DOMAIN"}
_SEND = (0x40, 0x4000)  # DONTWAIT, NOSIGNAL
_RECEIVE = (0x2, 0x20, 0x40, 0x100, 0x4000)  # PEEK, TRUNC, DONTWAIT, WAITALL, NOSIGNAL

CHECKED = (
    Rule("clone", (Test(0, _WORD & ~_DETACHED, _THREAD),), "threads"),
    Rule("clone", (Test(0, _WORD & ~sum(_CHILD_IDS), _SIGCHLD),), "fork"),
    Rule("mmap", (Test(3, _INT & ~sum((*_MAP_FLAGS, _ANONYMOUS)), 0x2),), "private memory"),
    # Shared memory without a file is not counted in any process once it is unmapped.
    *(
        Rule("mmap", (Test(3, _INT & ~sum(_MAP_FLAGS), kind),), "views of files: np.memmap")
        for kind in (0x1, 0x3)  # SHARED, SHARED_VALIDATE
    ),
    Rule("mremap", (_only(3, 1, 2, bits=_WORD),), "realloc of large blocks"),
    *(Rule("madvise", (_is(2, advice),), why) for advice, why in _MADVISE.items()),
    *(Rule("futex", (Test(1, _FUTEX_OPERATION, op),), why) for op, why in _FUTEX.items()),
    *(Rule("membarrier", (_is(0, op), _is(1, 0)), why) for op, why in _MEMBARRIER.items()),
    *(Rule("fcntl", (_is(1, command),), why) for command, why in _FCNTL.items()),
    Rule("fcntl", (_is(1, _F_SETFL), _only(2, *_FILE_FLAGS)), "F_SETFL: blocking or not"),
    *(Rule("ioctl", (_is(1, request),), why) for request, why in _IOCTL.items()),
    *(Rule("prctl", (_is(0, option),), why) for option, why in _PRCTL.items()),
    *(Rule("arch_prctl", (_is(0, code),), why) for code, why in _ARCH_PRCTL.items()),
    # Allocating space beyond a file's end (1) is not subject to the limit on its size. np.save
    # requests it, and continues without it.
    Rule("fallocate", (_is(1, 0),), "os.posix_fallocate"),
    Rule("pipe", (), "pipes of its own"),
    Rule("pipe2", (_only(1, _CLOEXEC, _NONBLOCK),), "pipes of its own"),
    Rule("close_range", (_only(2, 4),), "subprocess; 4 marks them only"),
    # Streams only: other types can send to any socket in the file system.
    Rule(
        "socketpair",
        (_is(0, 1), Test(1, _INT & ~(_CLOEXEC | _NONBLOCK), 1), _is(2, 0)),
        "asyncio wakes itself up; multiprocessing.Pipe",
    ),
    Rule("sendto", (_only(3, *_SEND), Test(4, _WORD, 0)), "socket.send; to its other end only"),
    Rule("recvfrom", (_only(3, *_RECEIVE),), "socket.recv"),
    *(
        Rule("getsockopt", (_is(1, 1), _is(2, option)), f"{why}: socket.socket(fileno=...)")
        for option, why in _SOCKET_OPTIONS.items()
    ),
    Rule("prlimit64", (_is(0, 0),), "limits of its own"),
    Rule("sched_setaffinity", (_is(0, 0),), "cores of its own: thread pools pin themselves"),
    Rule("get_robust_list", (_is(0, 0),), "locks of its own"),
)
PRETENDED = (
    Rule("flock", (), "locks of files: HDF5"),
    *(Rule("fcntl", (_is(1, command),), why) for command, why in _SET_LOCKS.items()),
    *(Rule("madvise", (_is(2, advice),), why) for advice, why in _ADVICE.items()),
    *(Rule("fadvise64", (_is(3, advice),), why) for advice, why in _FILE_ADVICE.items()),
)
# Requests to NVIDIA's drivers: letter F, and the plain numbers of its managed memory.
GRAPHICS_CHECKED = (
    Rule("ioctl", (Test(1, 0xFF00, 0x4600),), "the cards"),
    Rule("ioctl", (Test(1, 0xFFFF_FF00, 0),), "managed memory"),
    Rule("ioctl", (Test(1, 0xFFFF_FF00, 0x3000_0000),), "managed memory: begin and end"),
)


def allowed_calls(keeps_id: bool = False) -> dict[str, str]:
    """Return the calls that are allowed with any arguments, each with its reason."""
    groups = dict(ALLOWED)
    if not keeps_id:
        groups |= OWN_FILES
    return {name: why for why, names in groups.items() for name in names.split()}


def checked_calls(graphics: bool = False) -> tuple[Rule, ...]:
    """Return the calls that are allowed with certain arguments."""
    return CHECKED + GRAPHICS_CHECKED if graphics else CHECKED


def absent_calls() -> tuple[str, ...]:
    """Return the calls that fail with ENOSYS, as if the kernel did not have them."""
    return tuple(name for names in ABSENT.values() for name in names.split())


def pretended_calls() -> tuple[Rule, ...]:
    """Return the calls that do nothing and report success."""
    return PRETENDED


def unsuitable_calls() -> tuple[tuple[Rule, int], ...]:
    """Return the calls that fail as if these files did not support them, with their errors."""
    why = "CPython then reads and writes"
    return tuple(
        (Rule(name, (_is(1, _FICLONE),) if name == "ioctl" else (), why), number)
        for name, number in UNSUITABLE.items()
    )
