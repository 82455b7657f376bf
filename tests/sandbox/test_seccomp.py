"""Under the filter refused calls fail and allowed ones work, as root and as a plain user."""

import ctypes
import ctypes.util
import errno
import mmap
import os
import signal
import socket
import subprocess
import sys
import threading

import numpy as np
import pytest

from autograder.sandbox import seccomp, syscalls

from .child import in_child

pytestmark = [
    pytest.mark.repeated_without_root,
    pytest.mark.skipif(bool(seccomp.available()), reason=seccomp.available()),
]
on_x86 = pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers and code of x86-64")

LIBC = ctypes.CDLL(None, use_errno=True)
UPPER = 1 << 40  # a bit that the kernel does not look at where it takes an int


@pytest.fixture(scope="module")
def program():
    return seccomp.build_program()


def under(program, function, uid=None):
    """What a function returns in a child that is under the filter; the signal that killed it."""

    def filtered():
        if program is not None:
            seccomp.install(program)
        return function()

    return in_child(filtered, uid)


def call(number, *arguments):
    """The name of the error that a system call gives, or an empty text."""
    result = LIBC.syscall(ctypes.c_long(number), *map(ctypes.c_ulong, arguments))
    return errno.errorcode[ctypes.get_errno()] if result == -1 else ""


def number(name):
    return seccomp.call_number(seccomp.libseccomp(), name)


def all_names():
    rules = syscalls.checked_calls(graphics=True)
    names = [*syscalls.allowed_calls(), *(rule.call for rule in rules)]
    return [*names, *syscalls.absent_calls()]


def test_what_must_be_refused_is(program, uid):
    must = """
        socket sendmsg sendmmsg recvmsg ptrace process_vm_readv process_vm_writev kcmp
        io_uring_enter io_uring_register io_submit setsockopt
        bpf perf_event_open userfaultfd keyctl add_key request_key unshare setns
        mount umount2 pivot_root chroot shmget shmat semget msgget mq_open execve execveat
        init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff
        acct quotactl settimeofday clock_settime adjtimex sethostname iopl ioperm
        open_by_handle_at name_to_handle_at fanotify_init fanotify_mark syslog
        setuid setgid setreuid setregid
        setresuid setresgid setgroups capset setpriority sched_setscheduler sched_setattr
        personality lookup_dcookie vhangup vmsplice splice tee inotify_init inotify_init1
        inotify_add_watch fadvise64 readahead sync_file_range sync syncfs mincore mlock mlock2
        mlockall remap_file_pages move_pages migrate_pages mknod mknodat setxattr modify_ldt
        timer_create rt_sigqueueinfo rt_tgsigqueueinfo pkey_alloc chown fchown""".split()
    numbers = {name: number(name) for name in must}
    numbers = {name: which for name, which in numbers.items() if which >= 0}
    assert len(numbers) > 80
    # Without a filter, these arguments make no call do anything.
    answers = under(
        program, lambda: {name: call(which, *[-1] * 6) for name, which in numbers.items()}, uid
    )
    assert answers == dict.fromkeys(numbers, "EPERM")


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("fallocate", (-1, 1, 0, 1), "EPERM"),  # beyond the file's end, and every limit
        ("fallocate", (-1, 1 | UPPER, 0, 1), "EPERM"),
        ("flock", (-1, 2), ""),  # nothing is locked
        ("fcntl", (-1, 6, 0), ""),
        ("fcntl", (-1, 5, 0), "EPERM"),
        ("fadvise64", (-1, 0, 0, 3), ""),
        ("fadvise64", (-1, 0, 0, 4), "EPERM"),
        ("madvise", (0, 0, 3), ""),
        ("madvise", (0, 0, 21), "EPERM"),
        ("clone3", (0, 0), "ENOSYS"),
        ("memfd_create", (0, 0), "ENOSYS"),
        ("memfd_secret", (0,), "ENOSYS"),
        ("socketpair", (1, 2, 0, 0), "EPERM"),  # datagrams
        ("socketpair", (1, 3, 0, 0), "EPERM"),
        ("socketpair", (1, 2 | socket.SOCK_CLOEXEC, 0, 0), "EPERM"),
        ("socketpair", (1, 2 | UPPER, 0, 0), "EPERM"),
        ("socketpair", (30, 5, 0, 0), "EPERM"),  # AF_TIPC
        ("socketpair", (2, 1, 0, 0), "EPERM"),
        ("prlimit64", (1, 7, 0, 0), "EPERM"),
        ("prlimit64", (0, 7, 0, 0), ""),
        ("sched_setaffinity", (1, 8, 0), "EPERM"),
        ("sched_setaffinity", (0, 8, 0), "EFAULT"),
        ("get_robust_list", (1, 0, 0), "EPERM"),
        ("prctl", (4, 0, 0, 0, 0), "EPERM"),
        ("prctl", (3, 0, 0, 0, 0), None),  # PR_GET_DUMPABLE
        ("prctl", (22, 2, 0, 0, 0), "EPERM"),
        ("prctl", (22 | UPPER, 2, 0, 0, 0), "EPERM"),
        ("prctl", (35, 0, 0, 0, 0), "EPERM"),
        ("prctl", (39, 0, 0, 0, 0), None),  # PR_GET_NO_NEW_PRIVS
        ("ioctl", (0, 0x5412, 0), "EPERM"),
        ("ioctl", (0, 0x5412 | UPPER, 0), "EPERM"),
        ("ioctl", (0, 0x541C, 0), "EPERM"),
        ("ioctl", (-1, 0x5413, 0), "EBADF"),
        ("pipe2", (0, 0o200), "EPERM"),
        ("pipe2", (0, os.O_CLOEXEC), "EFAULT"),
        *(("clone", (1 << bit, 0, 0, 0, 0), "EPERM") for bit in (17, 25, 26, 27, 28, 29, 30)),
        ("clone", (1 << 28 | signal.SIGCHLD, 0, 0, 0, 0), "EPERM"),
        ("clone", (1 << 30 | 1 << 28 | UPPER, 0, 0, 0, 0), "EPERM"),
        ("clone", (1 << 15, 0, 0, 0, 0), "EPERM"),  # CLONE_PARENT
        ("clone", (1 << 16, 0, 0, 0, 0), "EPERM"),  # CLONE_THREAD
        ("clone", (1 << 16 | 1 << 10, 0, 0, 0, 0), "EPERM"),
        ("clone", (0x003D_0F00 | 1 << 32, 0, 0, 0, 0), "EPERM"),
        ("clone", (0x100 | signal.SIGCHLD, 0, 0, 0, 0), "EPERM"),  # CLONE_VM: shares its memory
        ("clone", (0x1000 | signal.SIGCHLD, 0, 0, 0, 0), "EPERM"),  # CLONE_PIDFD
        ("clone", (0, 0, 0, 0, 0), "EPERM"),  # a child that tells nobody when it ends
        ("close_range", (100_000, 100_000, 2), "EPERM"),
        ("close_range", (100_000, 100_000, 0), ""),
        ("sched_getaffinity", (0, 8, 0), "EFAULT"),
        ("get_mempolicy", (0, 0, 0, 0, 0), ""),
        ("membarrier", (0, 0), None),
        ("membarrier", (1, 0), "EPERM"),  # GLOBAL: waits for every core of the machine
        ("membarrier", (16 | UPPER, 0), ""),
        ("fcntl", (0, 1024, 0), "EPERM"),  # F_SETLEASE
        ("fcntl", (0, 1024 | UPPER, 0), "EPERM"),
        ("fcntl", (0, 1026, 0), "EPERM"),  # F_NOTIFY
        ("fcntl", (0, 1031, 2**20), "EPERM"),  # F_SETPIPE_SZ
        ("fcntl", (0, 8, 1), "EPERM"),  # F_SETOWN
        ("fcntl", (0, 15, 0), "EPERM"),  # F_SETOWN_EX
        ("fcntl", (0, 10, 29), "EPERM"),  # F_SETSIG
        ("fcntl", (0, 37, 0), ""),  # F_OFD_SETLK
        ("fcntl", (0, 4, 0o20000), "EPERM"),  # F_SETFL with O_ASYNC
        ("fcntl", (0, 4, 0o20000 | UPPER), "EPERM"),
        ("fcntl", (-1, 4, os.O_NONBLOCK), "EBADF"),
        ("fcntl", (-1, 1 | UPPER, 0), "EBADF"),  # F_GETFD
        ("ioctl", (-1, 0x5452, 0), "EPERM"),  # FIOASYNC
        ("ioctl", (-1, 0x8901, 0), "EPERM"),  # FIOSETOWN
        ("ioctl", (-1, 0x4004_9409, 0), "ENOTSUP"),  # FICLONE
        ("prctl", (36, 1, 0, 0, 0), "EPERM"),  # PR_SET_CHILD_SUBREAPER
        ("prctl", (0x59616D61, 1, 0, 0, 0), "EPERM"),  # PR_SET_PTRACER
        ("madvise", (0, 0, 4), ""),  # MADV_DONTNEED
        *(("madvise", (0, 0, advice), "EPERM") for advice in (9, 12, 20, 21, 22, 25, 100, 101)),
        ("madvise", (0, 0, 21 | UPPER), "EPERM"),
        ("mmap", (0, 4096, 3, 0x21, -1, 0), "EPERM"),  # shared, of no file
        ("mmap", (0, 4096, 3, 0x23, -1, 0), "EPERM"),
        ("mmap", (0, 4096, 3, 0x22 | 0x4_0000, -1, 0), "EPERM"),  # MAP_HUGETLB
        ("mmap", (0, 4096, 3, 0x22 | 0x2000, -1, 0), "EPERM"),  # MAP_LOCKED
        ("mmap", (0, 4096, 3, 0x22 | 0x8000, -1, 0), "EPERM"),  # MAP_POPULATE
        ("mmap", (0, 4096, 3, 0x28, -1, 0), "EPERM"),  # MAP_DROPPABLE
        ("mmap", (0, 4096, 3, 0x22 | 0x2000 | UPPER, -1, 0), "EPERM"),
        ("mremap", (0, 4096, 4096, 4, 0), "EPERM"),  # MREMAP_DONTUNMAP
        ("futex", (0, 6, 0, 0, 0, 0), "EPERM"),  # FUTEX_LOCK_PI
        ("futex", (0, 12 | 128, 0, 0, 0, 0), "EPERM"),
        ("futex", (1, 1 | 128, 0, 0, 0, 0), "EINVAL"),  # FUTEX_WAKE
        ("preadv2", (0, 0, 0, 0, 0, 8), "ENOSYS"),
        ("preadv2", (0, 0, 0, 0, 0, 0), "ENOSYS"),
        ("pwritev2", (0, 0, 0, 0, 0, 0), "ENOSYS"),
        ("sendfile", (-1, -1, 0, 0), "ENOTSOCK"),
        ("copy_file_range", (-1, 0, -1, 0, 1, 0), "EXDEV"),
        ("sendto", (-1, 0, 0, 1, 0, 0), "EPERM"),  # MSG_OOB
        ("sendto", (-1, 0, 0, 0, 1 << 33, 16), "EPERM"),  # to an address
        ("sendto", (-1, 0, 0, 0x4000, 0, 0), "EBADF"),
        ("recvfrom", (-1, 0, 0, 1, 0, 0), "EPERM"),  # MSG_OOB
        ("getsockopt", (-1, 1, 77, 0, 0), "EPERM"),  # SO_PEERPIDFD
        ("getsockopt", (-1, 1, 3, 0, 0), "EBADF"),
        ("fallocate", (-1, 2, 0, 1), "EPERM"),  # punches a hole
        ("fallocate", (-1, 0, 0, 1), "EBADF"),
        ("socketpair", (1, 1, 1, 0), "EPERM"),
        ("socketpair", (1, 5, 0, 0), "EPERM"),  # SOCK_SEQPACKET
        ("getrandom", (0, 0, 0), ""),
    ],
)
def test_calls_by_their_arguments(program, name, arguments, answer):
    got = under(program, lambda: call(number(name), *arguments))
    assert got == answer if answer is not None else got not in ("EPERM", "ENOSYS")


@on_x86
@pytest.mark.parametrize("which", [440, 471, 500, 512, 520, 521, 545, 547, 100_000, 2**30 - 1])
def test_numbers_that_nobody_has_looked_at(program, which):
    assert under(program, lambda: call(which, *[-1] * 6)) == "ENOSYS"


@on_x86
@pytest.mark.parametrize("which", [0, 39, 520, 100_000])
def test_x32_numbers_kill(program, which):
    assert under(program, lambda: call(which | 0x4000_0000)) == "SIGSYS"


@on_x86
def test_the_whole_process_is_killed(program):
    def work():
        thread = threading.Thread(target=call, args=(39 | 0x4000_0000,))
        thread.start()
        thread.join(timeout=1)

    assert under(program, work) == "SIGSYS"


def getpid_of_i386():
    code = mmap.mmap(
        -1,
        mmap.PAGESIZE,
        flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
        prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC,
    )
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20; int 0x80; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return ctypes.CFUNCTYPE(ctypes.c_int)(address)()


@on_x86
def test_calls_of_another_architecture_kill(program):
    if under(None, lambda: getpid_of_i386() > 0) is not True:
        pytest.skip("this kernel has no i386 calls")
    assert under(program, getpid_of_i386) == "SIGSYS"


def raised(function, *arguments, **keywords):
    try:
        function(*arguments, **keywords)
    except OSError as error:
        return type(error).__name__
    return "nothing"


@pytest.mark.parametrize(
    "family", [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET]
)
def test_python_tells_a_permission_error(program, uid, family):
    assert under(program, lambda: raised(socket.socket, family), uid) == "PermissionError"


def test_the_inherited_socket_goes_on_working(program, uid):
    ours, theirs = socket.socketpair()

    def answer():
        theirs.sendall(theirs.recv(9) + b"!")
        return True

    with ours, theirs:
        ours.sendall(b"question")
        assert under(program, answer, uid) is True
        assert ours.recv(20) == b"question!"


def test_a_pair_of_sockets_stays_a_pair(program, tmp_path):
    def names():
        one, _ = socket.socketpair()
        address = str(tmp_path / "socket")
        return [raised(one.bind, address), raised(one.connect, address), raised(one.listen)]

    assert under(program, names) == ["PermissionError"] * 3


def test_ordinary_python_works(program, uid):
    def work():
        matrix = np.arange(9.0).reshape(3, 3) + np.eye(3)
        found = []
        threads = [
            threading.Thread(target=lambda: found.append(float(np.linalg.det(matrix))))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        child = os.fork()
        if child == 0:
            os._exit(7)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda value: value + 1)
        shared = mmap.mmap(-1, 2**16, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        shared[:2] = b"ok"
        return [len(set(found)), ended, callback(1), len(os.sched_getaffinity(0)) > 0]

    assert under(program, work, uid) == [1, 7, 2, True]


def test_programs_are_denied(program, uid):
    assert under(program, lambda: raised(subprocess.run, ["/bin/true"]), uid) == "PermissionError"


def test_threads_that_run_already_are_bound(program):
    def work():
        begun, go, found = threading.Event(), threading.Event(), []

        def other():
            begun.set()
            go.wait()
            found.append(raised(socket.socket))

        thread = threading.Thread(target=other)
        thread.start()
        begun.wait()
        seccomp.install(program)
        go.set()
        thread.join()
        return found

    assert under(None, work) == ["PermissionError"]


def test_no_way_back(program, uid):
    def again():
        with open("/proc/self/status") as status:
            lines = dict(line.split(":\t", 1) for line in status.read().splitlines())
        return [raised(seccomp.install, program), lines["NoNewPrivs"], lines["Seccomp"]]

    assert under(program, again, uid) == ["PermissionError", "1", "2"]


@pytest.mark.parametrize("wrong", [b"", b"\x00" * 8, b"\xff" * 16])
def test_a_program_that_is_none_is_an_error_of_the_system(wrong):
    def errors():
        try:
            seccomp.install(wrong)
        except OSError as error:
            return [error.errno, error.filename]

    assert under(None, errors) == [errno.EINVAL, "seccomp"]


def test_every_name_exists_somewhere():
    binding = seccomp.libseccomp()
    assert {"read", "write", "clone", "openat"} <= set(all_names())
    for name in all_names():
        if name in ("memfd_secret",):
            continue  # newer than libseccomp may be
        numbers = [
            binding.resolve_syscall(machine, name)
            for machine in (binding.Arch.X86_64, binding.Arch.AARCH64)
        ]
        assert max(numbers) >= 0 or name in seccomp.NUMBERS, name


@pytest.mark.parametrize("name", seccomp.NUMBERS)
def test_our_numbers_are_those_of_libseccomp(name):
    binding = seccomp.libseccomp()
    for machine in (binding.Arch.X86_64, binding.Arch.AARCH64):
        assert binding.resolve_syscall(machine, name) in (seccomp.NUMBERS[name], -1)
    assert seccomp.NUMBERS[name] <= seccomp.NEWEST


def test_this_machine_knows_every_name():
    assert seccomp.unknown() == ()


def test_an_unknown_name_is_reported_and_breaks_nothing(monkeypatch):
    monkeypatch.setitem(syscalls.ALLOWED, "made up", "not_a_call")
    monkeypatch.setattr(seccomp, "NUMBERS", {})
    assert "not_a_call" in seccomp.unknown()
    program = seccomp.build_program.__wrapped__()
    assert under(program, lambda: raised(socket.socket)) == "PermissionError"


def test_where_its_libraries_have_other_names(monkeypatch):
    usual = ctypes.util.find_library
    monkeypatch.setattr(seccomp, "LIBRARIES", {"seccomp": "libseccomp-of-elsewhere.so.9"})
    monkeypatch.delitem(sys.modules, "pyseccomp")
    assert seccomp.available() == ""
    assert ctypes.util.find_library is usual


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ImportError("no module"), "pyseccomp is not installed"),
        (RuntimeError("Unable to find libseccomp"), "libseccomp is missing"),
        (OSError("cannot open shared object file"), "libseccomp is missing"),
        (AttributeError("undefined symbol"), "libseccomp is missing"),
    ],
)
def test_where_there_is_no_libseccomp(monkeypatch, error, words):
    def fail(name):
        raise error

    monkeypatch.setattr(seccomp.importlib, "import_module", fail)
    assert words in seccomp.available()
    for function in (seccomp.unknown, seccomp.build_program.__wrapped__):
        with pytest.raises(seccomp.SeccompMissing, match=words):
            function()
