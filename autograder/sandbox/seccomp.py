"""A filter on system calls: what student code has no use for answers "not permitted".

A filter is written by libseccomp, which knows the numbers of this machine's calls, and kept as the
program that the kernel runs. It is built once, in the zygote; a worker installs it with one system
call and needs no libseccomp. No process can take a filter off again.

Everything is allowed but what the tables below name. A denied call fails with EPERM, so student
code gets an ordinary PermissionError, and can be told. Calls that a library tries first and can do
without answer ENOSYS, as on an older kernel, and so do calls that are newer than these tables.
Calls by the numbers of another architecture would pass by all of this; they kill the process.
"""

import ctypes
import ctypes.util
import errno
import importlib
import os
import struct
from typing import Any

_DENIED = {
    "network; the connected socket that a worker is given goes on working": """
        socket connect bind listen accept accept4""",
    "files on their way through a socket, which no process is said to hold": """
        sendmsg sendmmsg""",
    "other processes": """
        ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp
        pidfd_open pidfd_getfd pidfd_send_signal move_pages migrate_pages
        setpriority ioprio_set sched_setparam sched_setscheduler sched_setattr""",
    "large parts of the kernel that are reached by one call": """
        io_uring_setup io_uring_enter io_uring_register io_setup bpf perf_event_open userfaultfd
        keyctl add_key request_key seccomp modify_ldt personality fanotify_init fanotify_mark
        lookup_dcookie nfsservctl uselib ustat sysfs _sysctl""",
    "namespaces and mounts": """
        unshare setns listns mount umount2 pivot_root chroot move_mount open_tree
        open_tree_attr fsopen fsconfig fsmount fspick mount_setattr statmount listmount
        name_to_handle_at open_by_handle_at""",
    "memory and messages that outlive a process, and that no limit of a process counts": """
        shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl
        mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr""",
    "who the process is": """
        setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset
        lsm_set_self_attr""",
    "the machine": """
        init_module finit_module delete_module create_module query_module get_kernel_syms
        kexec_load kexec_file_load reboot swapon swapoff acct quotactl quotactl_fd syslog vhangup
        settimeofday clock_settime clock_adjtime adjtimex
        sethostname setdomainname iopl ioperm""",
}
_EXECUTE = "execve execveat"
# For a worker that keeps the grader's id, and so owns the grader's files: Landlock governs what is
# in files, not whose they are, nor their rights, times and attributes.
_OWNERS_RIGHTS = """
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
    utime utimes utimensat futimesat
    setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat"""
# libc then uses clone, whose flags a filter can see. No limit of a process counts a memfd's memory.
_ABSENT = "clone3 memfd_create memfd_secret"

# Denied unless the argument is this value.
_DENIED_UNLESS = (
    ("socketpair", 0, 1),  # AF_UNIX
    ("prlimit64", 0, 0),  # process 0: the caller
    ("sched_setaffinity", 0, 0),
    ("get_robust_list", 0, 0),
)
# Denied where the argument, under this mask, is this value. The kernel looks at the lower half of
# an int only, so a filter must not look at the upper half either.
_INT = 0xFFFF_FFFF
_DENIED_WHERE = (
    ("socketpair", 1, 0xF, 2),  # SOCK_DGRAM: it can send to any socket in the file system
    ("socketpair", 1, 0xF, 3),  # SOCK_RAW: the same
    ("prctl", 0, _INT, 4),  # PR_SET_DUMPABLE: would hide what files it holds from the watch
    ("prctl", 0, _INT, 22),  # PR_SET_SECCOMP
    ("prctl", 0, _INT, 35),  # PR_SET_MM
    ("prctl", 0, _INT, 62),  # PR_SCHED_CORE: may name another process
    ("ioctl", 1, _INT, 0x5412),  # TIOCSTI: types into a terminal
    ("ioctl", 1, _INT, 0x541C),  # TIOCLINUX
    ("pipe2", 1, 0o200, 0o200),  # O_NOTIFICATION_PIPE
    # Memory that is shared and has no file leaves the count of every process once it is unmapped.
    ("mmap", 3, 0x2F, 0x21),  # MAP_SHARED | MAP_ANONYMOUS
    ("mmap", 3, 0x2F, 0x23),  # MAP_SHARED_VALIDATE | MAP_ANONYMOUS
    # A thread with a list of open files of its own: the watch looks at one thread of a process.
    ("clone", 0, 0x1_0400, 0x1_0000),  # CLONE_THREAD without CLONE_FILES
    ("close_range", 2, 2, 2),  # CLOSE_RANGE_UNSHARE
    *(
        ("clone", 0, flag, flag)
        for flag in (
            0x0000_8000,  # CLONE_PARENT: a child of the zygote
            0x0002_0000,  # CLONE_NEWNS
            0x0200_0000,  # CLONE_NEWCGROUP
            0x0400_0000,  # CLONE_NEWUTS
            0x0800_0000,  # CLONE_NEWIPC
            0x1000_0000,  # CLONE_NEWUSER
            0x2000_0000,  # CLONE_NEWPID
            0x4000_0000,  # CLONE_NEWNET; CLONE_NEWTIME exists in clone3 and unshare only
        )
    ),
)

# Calls that older releases of libseccomp have no name for. New numbers are the same on every
# architecture that we support.
_NUMBERS = {
    "close_range": 436, "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443,
    "memfd_secret": 447, "process_mrelease": 448, "fchmodat2": 452, "statmount": 457,
    "listmount": 458, "lsm_set_self_attr": 460,
    "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467, "listns": 470,
}  # fmt: skip
# Up to this number the kernel's table has been read for what to deny; raise it after reading on.
_NEWEST = 471  # rseq_slice_yield, Linux 7.0
_X32_BIT = 0x4000_0000

_SECCOMP = {"x86_64": 317, "aarch64": 277}  # seccomp()
_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER = 1
_ALL_THREADS = 1
_INSTRUCTION = struct.Struct("=HBBI")
_LIBRARIES = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}  # as the loader knows them
_LEAST_API = 3  # what libseccomp calls a kernel that can kill a process (Linux 4.14)


class SeccompMissing(Exception):
    """No filter can be built or installed here; the text says why."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def available() -> str:
    """Why no filter can be had on this machine; an empty text where it can."""
    try:
        _binding()
    except SeccompMissing as missing:
        return str(missing)
    return ""


def unknown() -> tuple[str, ...]:
    """Names of the tables above that libseccomp does not know, so that they stay allowed.

    Calls that this architecture does not have are not among them.

    Raises:
        SeccompMissing: as `available` says.
    """
    binding = _binding()
    names = [*denied(allow_exec=False), *_ABSENT.split()]
    names += [rule[0] for rule in _DENIED_UNLESS] + [rule[0] for rule in _DENIED_WHERE]
    return tuple(name for name in names if _number(binding, name) == -1)


def denied(allow_exec: bool, keeps_id: bool = False) -> tuple[str, ...]:
    """The names of the calls that fail with EPERM whatever their arguments are."""
    words = [*_DENIED.values(), *([] if allow_exec else [_EXECUTE])]
    words += [_OWNERS_RIGHTS] if keeps_id else []
    return tuple(name for group in words for name in group.split())


def build_program(allow_exec: bool, keeps_id: bool = False) -> bytes:
    """Write the filter, as the program that the kernel runs.

    Args:
        allow_exec: whether the process may start other programs.
        keeps_id: whether the process has the grader's user id.

    Raises:
        SeccompMissing: as `available` says.
        OSError: libseccomp refuses a rule.
    """
    binding = _binding()
    rules = binding.SyscallFilter(binding.ALLOW)
    rules.set_attr(binding.Attr.ACT_BADARCH, binding.KILL_PROCESS)
    refuse, absent = binding.ERRNO(errno.EPERM), binding.ERRNO(errno.ENOSYS)

    def add(action: int, name: str, *arguments: Any) -> None:
        number = _number(binding, name)
        if number >= 0:
            rules.add_rule(action, number, *arguments)

    for name in denied(allow_exec, keeps_id):
        add(refuse, name)
    for name in _ABSENT.split():
        add(absent, name)
    for name, index, value in _DENIED_UNLESS:
        add(refuse, name, binding.Arg(index, binding.NE, value))
    for name, index, mask, value in _DENIED_WHERE:
        add(refuse, name, binding.Arg(index, binding.MASKED_EQ, mask, value))
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        rules.export_bpf(file)
        file.seek(0)
        return _newer_are_absent(absent) + file.read()


def install(program: bytes) -> None:
    """Put this process under a filter, for good, with all its threads and later children.

    It comes last: the filter denies changing the uid, and another filter.

    Args:
        program: from `build_program`.

    Raises:
        OSError: the kernel refuses; no filter is installed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))):
        raise _error("no_new_privs")
    call = _SECCOMP.get(os.uname().machine)
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), "seccomp")
    filter_program = _Program(len(program) // _INSTRUCTION.size, program)
    result = libc.syscall(
        ctypes.c_long(call),
        ctypes.c_ulong(_SET_MODE_FILTER),
        ctypes.c_ulong(_ALL_THREADS),
        ctypes.byref(filter_program),
    )
    if result > 0:  # the number of a thread that is under another filter
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), "seccomp")
    if result:
        raise _error("seccomp")


def _newer_are_absent(action: int) -> bytes:
    """The first instructions: ENOSYS for numbers above those that the tables are written for.

    x86-64 once took the numbers 512 to 547 for calls that libseccomp knows by other numbers; they
    end here, too. Numbers with the x32 bit go on, to be killed.
    """
    load_number, if_greater, if_at_least, answer = 0x20, 0x25, 0x35, 0x06
    return b"".join(
        _INSTRUCTION.pack(*fields)
        for fields in (
            (load_number, 0, 0, 0),
            (if_greater, 0, 2, _NEWEST),
            (if_at_least, 1, 0, _X32_BIT),
            (answer, 0, 0, action),
        )
    )


def _number(binding: Any, name: str) -> int:
    """A call's number; -1 where its name is not known, below -1 where this machine has no such."""
    number = int(binding.resolve_syscall(binding.Arch.NATIVE, name))
    return _NUMBERS.get(name, -1) if number == -1 else number


def _binding() -> Any:
    try:
        binding = _imported()
        api, machine = binding.get_api(), binding.system_arch()
    except ImportError:
        raise SeccompMissing("the Python package pyseccomp is not installed") from None
    except (AttributeError, NotImplementedError, OSError, RuntimeError) as error:
        raise SeccompMissing(f"the library libseccomp is missing or too old ({error})") from error
    if machine not in (binding.Arch.X86_64, binding.Arch.AARCH64):
        raise SeccompMissing("the filter is written for x86-64 and arm64 only")
    if api < _LEAST_API:
        raise SeccompMissing("the kernel has no seccomp filters, or too old ones")
    return binding


def _imported() -> Any:
    """The binding; it looks for its libraries by programs, which take longer than all the rest."""
    usual = ctypes.util.find_library
    ctypes.util.find_library = lambda name: _LIBRARIES.get(name) or usual(name)
    try:
        return importlib.import_module("pyseccomp")
    except OSError:  # they have other names here
        ctypes.util.find_library = usual
        return importlib.import_module("pyseccomp")
    finally:
        ctypes.util.find_library = usual


def _error(what: str) -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), what)
