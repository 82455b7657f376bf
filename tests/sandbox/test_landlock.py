"""Under Landlock nothing but the listed paths can be reached, as root and as a plain user."""

import ctypes
import errno
import fcntl
import importlib.util
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import termios
import textwrap
from pathlib import Path

import pytest

from autograder.sandbox import landlock

from .child import PLAIN_UID, in_child

pytestmark = [
    pytest.mark.repeated_without_root,
    pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock"),
]


def since(abi):
    return pytest.mark.skipif(landlock.abi() < abi, reason=f"Landlock before ABI {abi}")


# landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION), which asks for the ABI
WHICH_ABI = (444, None, 0, 1)
_PTY_NUMBER = 0x80045430  # TIOCGPTN: which terminal it is
REPOSITORY = Path(__file__).parent.parent.parent


@pytest.fixture
def place():
    """Three world-writable folders, with a file in each: open, scratch, closed."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("open", "scratch", "closed"):
            (Path(folder) / name / "deep").mkdir(parents=True)
            (Path(folder) / name / "deep" / "file").write_text(name)
        for path in [Path(folder), *Path(folder).rglob("*")]:
            path.chmod(0o777)
        yield Path(folder)


def under(function, read=(), write=(), uid=None, devices=()):
    """What a function returns in a child that may reach these paths only."""

    def restricted():
        landlock.restrict([*map(str, read)], [*map(str, write)], devices=devices)
        return function()

    return in_child(restricted, uid)


def refused(function, *arguments):
    """The name of the error that a call gives, or an empty text."""
    try:
        function(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]
    return ""


def reads(path):
    return refused(os.open, path, os.O_RDONLY)


def appends(path):
    return refused(os.open, path, os.O_WRONLY | os.O_APPEND)


def creates(path):
    return refused(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


NEW_FILES = {
    "folder": os.mkdir,
    "pipe": os.mkfifo,
    "link": lambda path: os.symlink("/", path),
    "socket": lambda path: os.mknod(path, 0o600 | stat.S_IFSOCK),
}


def changes(folder):
    """What each change to a folder's files gives: the name of an error or an empty text."""
    file = folder / "deep" / "file"
    given = {name: refused(make, folder / name) for name, make in NEW_FILES.items()}
    given["create"] = creates(folder / "created")
    given["append"] = appends(file)
    if landlock.abi() >= 3:
        given["truncate"] = refused(os.truncate, file, 1)
    given["rename"] = refused(os.rename, file, file.with_name("other"))
    if landlock.abi() >= 2:
        given["move"] = refused(os.rename, file.with_name("other"), folder / "moved")
        given["hard link"] = refused(os.link, folder / "moved", folder / "deep" / "linked")
    given["remove"] = refused(shutil.rmtree, folder / "deep")
    return given


def test_scratch_takes_everything(place, uid):
    given = under(lambda: changes(place / "scratch"), write=[place / "scratch"], uid=uid)
    assert given == dict.fromkeys(given, "")


@pytest.mark.parametrize("name", ["open", "closed"])
def test_nothing_else_can_be_changed(place, uid, name):
    given = under(lambda: changes(place / name), [place / "open"], [place / "scratch"], uid=uid)
    assert set(given.values()) <= {"EACCES", "EXDEV", "ENOENT"}
    assert (place / name / "deep" / "file").read_text() == name
    assert sorted(os.listdir(place / name)) == ["deep"]


def test_what_can_be_read(place, uid):
    (place / "scratch" / "way out").symlink_to(place / "closed" / "deep" / "file")
    wanted = {
        "open": "", "open/deep": "", "open/deep/file": "", "scratch/deep/file": "",
        "closed": "EACCES", "closed/deep": "EACCES", "closed/deep/file": "EACCES", ".": "EACCES",
        "scratch/../closed/deep/file": "EACCES", "scratch/way out": "EACCES",
    }  # fmt: skip
    given = under(
        lambda: {name: reads(f"{place}/{name}") for name in wanted},
        [place / "open"], [place / "scratch"], uid=uid,
    )  # fmt: skip
    assert given == wanted


def test_nothing_comes_in_by_another_name(place, uid):
    def moves():
        file = place / "closed" / "deep" / "file"
        return [
            refused(os.link, file, place / "scratch" / "linked"),
            refused(os.rename, file, place / "scratch" / "moved"),
        ]

    given = under(moves, write=[place / "scratch"], uid=uid)
    assert set(given) <= {"EACCES", "EXDEV", "EPERM"} and "" not in given


def test_a_path_may_be_a_file(place):
    def works():
        deep = place / "open" / "deep"
        return [
            reads(deep / "file"), appends(deep / "file"), reads(deep), reads(os.devnull),
            refused(lambda: Path(os.devnull).write_text("x")), reads("/dev/zero"),
        ]  # fmt: skip

    given = under(works, [place / "open" / "deep" / "file"], landlock.DEFAULT_WRITE_PATHS)
    assert given == ["", "EACCES", "EACCES", "", "", "EACCES"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make device nodes")
@pytest.mark.parametrize("kind", [stat.S_IFCHR, stat.S_IFBLK])
def test_no_device_nodes(place, kind):
    node = place / "scratch" / "node"
    made = under(
        lambda: refused(os.mknod, node, kind | 0o666, os.makedev(1, 3)), write=[place / "scratch"]
    )
    assert made == "EACCES"


def test_missing_paths(place):
    missing, below_a_file = place / "missing", place / "open" / "deep" / "file" / "missing"
    assert under(lambda: reads(place / "open"), [missing, below_a_file, place / "open"]) == ""

    def without_scratch():
        code = refused(landlock.restrict, [], [str(missing)])
        return [code, reads(place / "closed")]

    # Nothing is given up where restrict fails.
    assert under(without_scratch, ["/"]) == ["ENOENT", ""]


def test_folders_that_cannot_be_reached_are_left_out(place):
    if os.geteuid():
        pytest.skip("root has to close a folder first")
    (place / "closed").chmod(0o700)
    given = under(
        lambda: [reads(place / "closed" / "deep" / "file"), reads(place / "open")],
        [place / "closed" / "deep", place / "open"],
        uid=PLAIN_UID,
    )
    assert given == ["EACCES", ""]


def test_no_program_runs(place, uid):
    own = place / "scratch" / "program"
    shutil.copy("/bin/true", own)

    def run():
        programs = ("/bin/true", str(own))
        return [refused(os.execv, program, [program]) for program in programs]

    assert under(run, ["/"], ["/", own.parent], uid=uid) == ["EACCES", "EACCES"]


def test_the_loader_of_libraries_needs_no_right_to_execute(uid):
    answer = under(lambda: ctypes.CDLL("libm.so.6").abs(-3), landlock.default_read_paths(), uid=uid)
    assert answer == 3


@since(4)
def test_tcp_is_closed(uid):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def connect():
            one, other = socket.socket(), socket.socket()
            return [
                refused(one.connect, server.getsockname()),
                refused(other.bind, ("127.0.0.1", 0)),
            ]

        assert under(connect, ["/"], uid=uid) == ["EACCES", "EACCES"]


@since(5)
def test_devices_take_no_commands():
    def command():
        with open("/dev/zero", "rb", buffering=0) as device:
            return refused(fcntl.ioctl, device, termios.TCGETS, b"\0" * 64)

    assert under(command, ["/dev/zero"]) == "EACCES"


@since(6)
def test_abstract_sockets_of_others_are_closed(uid):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0autograder test {os.getpid()}")
        server.listen()
        connected = under(
            lambda: refused(socket.socket(socket.AF_UNIX).connect, server.getsockname()), uid=uid
        )
        assert connected == "EPERM"


@since(6)
def test_signals_reach_own_children_only(uid):
    def send():
        child = os.fork()
        if child == 0:
            signal.pause()
        mine = refused(os.kill, child, signal.SIGKILL)
        os.waitpid(child, 0)
        return [mine, refused(os.kill, os.getppid(), 0)]

    assert under(send, uid=uid) == ["", "EPERM"]


def test_the_signal_of_the_parent_arrives():
    child = os.fork()
    if child == 0:
        landlock.restrict([], [])
        signal.pause()
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_proc_shows_the_process_itself_only(uid):
    parent = os.getpid()
    names = ["cmdline", "environ", "maps", "fd", "mem", "status", "stat", "root", "cwd", "task"]
    others = [f"/proc/{number}/{name}" for number in (parent, 1) for name in names]
    others += ["/proc", "/proc/1/task/1/status", f"/proc/self/../{parent}/stat", "/proc/kallsyms"]

    def look():
        own = ["/proc/self/maps", f"/proc/{os.getpid()}/status", "/proc/thread-self/stat"]
        return [{path: reads(path) for path in own}, {path: reads(path) for path in others}]

    own, foreign = under(look, landlock.default_read_paths(), uid=uid)
    assert own == dict.fromkeys(own, "")
    assert foreign == dict.fromkeys(others, "EACCES")


def test_what_the_kernel_would_forget_is_held():
    def held():
        names = os.listdir("/proc/self/fd")
        links = [f"/proc/self/fd/{name}" for name in names]
        open_files = {os.readlink(link) for link in links if os.path.lexists(link)}
        return sorted(open_files & {f"/proc/{os.getpid()}", "/proc/cpuinfo"}) == [
            f"/proc/{os.getpid()}", "/proc/cpuinfo"
        ]  # fmt: skip

    assert under(held, landlock.default_read_paths()) is True


def test_proc_self_is_of_the_process_that_restricted_itself():
    def look():
        me = os.getpid()
        child = os.fork()
        if child == 0:
            as_expected = (reads(f"/proc/{me}/stat"), reads("/proc/self/stat")) == ("", "EACCES")
            os._exit(0 if as_expected else 1)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert under(look, landlock.default_read_paths()) == 0


def test_the_list_names_libraries_only(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(REPOSITORY), str(tmp_path), *sys.path])
    paths = [Path(path).resolve() for path in landlock.default_read_paths()]
    assert REPOSITORY / "autograder" in paths
    for secret in (REPOSITORY / "assignment", REPOSITORY / "tests", tmp_path, Path.home()):
        assert not [path for path in paths if secret.is_relative_to(path)]
    assert not {Path(path) for path in ("/", "/etc", "/proc", "/dev", "/tmp", "/usr")} & set(paths)


def test_a_virtual_environment_that_is_the_course(monkeypatch, tmp_path):
    (tmp_path / "lib").mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "exec_prefix", str(tmp_path))
    paths = landlock.default_read_paths()
    assert str(tmp_path / "lib") in paths and str(tmp_path) not in paths


def test_no_way_back(place):
    def again():
        landlock.restrict(["/"], ["/"])
        with open("/proc/self/status") as status:
            return [reads(place / "closed"), "NoNewPrivs:\t1" in status.read()]

    assert under(again, ["/proc/self"]) == ["EACCES", True]


@pytest.mark.parametrize("older", range(1, landlock.abi() + 1))
def test_every_abi_is_spoken(monkeypatch, place, older):
    real = landlock.syscall

    def call(number, *arguments):
        return older if (number, *arguments) == WHICH_ABI else real(number, *arguments)

    monkeypatch.setattr(landlock, "syscall", call)

    def work():
        return [
            landlock.restrict(["/proc/self"], [str(place / "scratch"), "/dev/null"]),
            creates(place / "scratch" / "new"), creates(place / "closed" / "new"),
            reads("/proc/self/maps"),
        ]  # fmt: skip

    assert under(work, ["/"], ["/"]) == [older, "", "EACCES", ""]


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM])
def test_where_there_is_no_landlock(monkeypatch, number):
    def fail(*arguments):
        ctypes.set_errno(number)
        return -1

    monkeypatch.setattr(landlock, "syscall", fail)
    assert landlock.abi() == 0
    with pytest.raises(OSError, match="landlock"):
        landlock.restrict([], [])


# A worker's life in small: fork from a warm parent, both layers, then work.
WORK = """
    import os, sys
    os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    scratch = sys.argv[1]
    os.environ.update(HOME=scratch, USER="student", MPLCONFIGDIR=scratch, TMPDIR=scratch)
    {warm}
    from autograder.sandbox import landlock, seccomp
    program = seccomp.build_program()
    paths = landlock.default_read_paths()
    if os.fork() == 0:
        code = 1
        try:
            os.chdir(scratch)
            landlock.restrict(paths, [scratch, *landlock.DEFAULT_WRITE_PATHS])
            seccomp.install(program)
            {work}
            code = 0
        finally:
            os._exit(code)
    sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
NUMPY = """
import asyncio, cProfile, ctypes.util, decimal, hashlib, mimetypes, multiprocessing, ssl, sqlite3
import tempfile, time, uuid, zoneinfo
import numpy.random, numpy.polynomial, numpy.ma
assert numpy.linalg.svd(numpy.random.rand(50, 50))[1].shape == (50,)
numpy.save("array.npy", numpy.ones(3))
assert numpy.load("array.npy", mmap_mode="r").sum() == 3
hashlib.new("sha512"); ssl.create_default_context(); uuid.uuid4(); uuid.uuid1(); time.localtime()
assert mimetypes.guess_type("a.html")[0] == "text/html"
assert asyncio.run(asyncio.sleep(0, 5)) == 5
with tempfile.TemporaryFile() as file: file.write(b"x")
"""
STEP = """
def step():
    layers = torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(72, 2)
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.Adam(model.parameters())
    for _ in range(2):
        optimizer.zero_grad()
        scores = model(torch.ones(4, 1, 8, 8))
        torch.nn.functional.cross_entropy(scores, torch.ones(4).long()).backward()
        optimizer.step()
"""
FIGURE = """
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.title("é $x^2$"); plt.savefig("figure.png"); plt.savefig("figure.pdf")
"""


@pytest.mark.parametrize(
    ("package", "warm", "work"),
    [
        ("numpy", "import numpy", NUMPY),
        ("torch", "import torch\ntorch.set_num_threads(1)" + STEP + "step()", "step()"),
        ("matplotlib", "import numpy", FIGURE),
    ],
)
def test_both_layers_let_libraries_work(tmp_path, package, warm, work):
    if importlib.util.find_spec(package) is None or importlib.util.find_spec("pyseccomp") is None:
        pytest.skip(f"{package} or pyseccomp is not installed")
    code = textwrap.dedent(WORK).replace("{warm}", warm)
    code = code.replace(" " * 8 + "{work}", textwrap.indent(work, " " * 8))
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, cwd=REPOSITORY
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@since(5)
def test_devices_may_be_opened_and_commanded_where_listed(uid):
    def commanded():
        try:
            with open("/dev/ptmx", "r+b", buffering=0) as device:
                return refused(fcntl.ioctl, device, _PTY_NUMBER, b"    ")
        except OSError as error:
            return errno.errorcode[error.errno]

    assert under(commanded, uid=uid) == "EACCES"
    assert under(commanded, write=["/dev/ptmx"], uid=uid) == "EACCES"
    assert under(commanded, devices=["/dev/ptmx"], uid=uid) == ""
