"""Workers run student code apart from the judge, within limits, and leave nothing behind."""

import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.rubric.student import StudentConnection, StudentError, StudentProxy
from autograder.sandbox.channel import ChannelClosed, ChannelMalformed, ChannelTimeout
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import launch
from autograder.sandbox.reap import become_subreaper, kill_descendants
from autograder.sandbox.requests import SandboxFailure

pytestmark = pytest.mark.repeated_without_root


@pytest.fixture(scope="module")
def zygote():
    become_subreaper()
    zygote = Zygote()
    yield zygote
    zygote.close()
    kill_descendants()


class Bench:
    """A worker that serves a submission of one module, `shapes`."""

    def __init__(self, zygote, job):
        self.job = job
        self.worker = zygote.open(job)
        self.seconds = 20.0

    @property
    def shapes(self):
        session = StudentConnection(
            lambda request: self.worker.ask(request, time.monotonic() + self.seconds),
            Path(self.job.folder),
        )
        return StudentProxy(session).shapes


@pytest.fixture
def bench(zygote, make_job):
    opened = []

    def open_bench(source, zygote=zygote, **limits):
        opened.append(Bench(zygote, make_job({"shapes.py": source}, **limits)))
        return opened[-1]

    yield open_bench
    for one in opened:
        one.worker.close()


def test_a_worker_computes(bench):
    shapes = bench("def double(x): return 2 * x").shapes
    np.testing.assert_array_equal(shapes.double(np.ones(3)), 2 * np.ones(3))


def test_a_worker_is_another_process(bench):
    shapes = bench("import os\ndef pid(): return os.getpid()").shapes
    assert shapes.pid() != os.getpid()


def test_a_workers_environment_and_folder_tell_nothing(bench):
    opened = bench("import os\ndef look(): return [dict(os.environ), os.getcwd(), os.listdir()]")
    environment, folder, files = opened.shapes.look()
    assert folder == opened.job.scratch and files == []
    assert environment["HOME"] == environment["TMPDIR"] == opened.job.scratch
    assert not {"USER", "PWD", "SUDO_USER", "SSH_AUTH_SOCK"} & set(environment)


def test_a_worker_holds_no_descriptor_but_its_own(bench):
    source = """
import os
def look():
    targets = []
    for number in range(1000):
        try:
            targets.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            pass
    return targets
"""
    targets = bench(source).shapes.look()
    assert sum(target.startswith("socket:") for target in targets) == 1
    # Landlock's rules for files of /proc hold as long as those are open, by path only.
    rest = [target for target in targets if not target.startswith(("socket:", "/proc/"))]
    assert set(rest) == {"/dev/null"}


def test_an_exception_arrives_with_the_students_own_lines_only(bench):
    shapes = bench("def f(x):\n    return g(x)\n\ndef g(x):\n    return 1 / x\n").shapes
    with pytest.raises(StudentError) as caught:
        shapes.f(0)
    error = caught.value
    assert (error.kind, error.message) == ("ZeroDivisionError", "division by zero")
    assert [(frame.file, frame.line, frame.code) for frame in error.frames] == [
        ("shapes.py", 2, "return g(x)"),
        ("shapes.py", 5, "return 1 / x"),
    ]


@pytest.mark.parametrize("statement", ["sys.exit(0)", "raise SystemExit(3)", "exit()"])
def test_leaving_by_an_exception_is_only_an_exception(bench, statement):
    source = f"import sys\ndef f(): {statement}\ndef g(): return 5\n"
    shapes = bench(source).shapes
    with pytest.raises(StudentError, match="ended the program"):
        shapes.f()
    assert shapes.g() == 5


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("os._exit(0)", "exit code 0"),
        ("os.kill(os.getpid(), 9)", "SIGKILL"),
        ("ctypes.string_at(0)", "SIGSEGV"),
        ("os.abort()", "SIGABRT"),
    ],
)
def test_a_dead_worker_is_noticed_and_the_next_one_works(bench, statement, words):
    dying = bench(f"import os, ctypes\ndef f(): {statement}\n")
    with pytest.raises(ChannelClosed):
        dying.shapes.f()
    assert words in dying.worker.end_and_describe()
    assert bench("def f(): return 1\n").shapes.f() == 1


def test_an_endless_loop_ends_at_the_deadline(bench):
    opened = bench("def f():\n    while True: pass\n")
    shapes = opened.shapes
    opened.seconds = 0.3
    with pytest.raises(ChannelTimeout):
        shapes.f()


def test_memory_is_capped(bench):
    source = "import numpy as np\ndef f(): return np.ones(10 * 2**27).sum()\ndef g(): return 1\n"
    shapes = bench(source).shapes
    with pytest.raises(StudentError, match="MemoryError"):
        shapes.f()
    assert shapes.g() == 1


def test_a_file_cannot_fill_the_disk(bench):
    source = "def f():\n    with open('big', 'wb') as file:\n"
    source += "        for _ in range(200): file.write(bytes(2**20))\n"
    with pytest.raises(StudentError, match="File too large"):
        bench(source).shapes.f()


def test_an_answer_over_the_cap_is_the_students_error(bench):
    shapes = bench("import numpy as np\ndef f(): return np.zeros(2**22)\n").shapes
    with pytest.raises(StudentError, match="returned too much"):
        shapes.f()


def test_printing_does_not_reach_the_judge_and_costs_nothing(bench, capfd):
    source = "import os\ndef f():\n    for _ in range(300): print('x' * 2**20)\n"
    source += "    os.write(1, b'secret'); os.write(2, b'secret')\n    return 'done'\n"
    assert bench(source).shapes.f() == "done"
    assert capfd.readouterr() == ("", "")


def test_daemons_end_with_their_worker(bench):
    source = """
import os, time
def leave_a_daemon():
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writing, str(os.getpid()).encode())
            time.sleep(600)
        os._exit(0)
    return int(os.read(reading, 20))
"""
    opened = bench(source)
    daemon = opened.shapes.leave_a_daemon()
    os.kill(daemon, 0)  # it lives
    opened.worker.close()
    with pytest.raises(ProcessLookupError):
        os.kill(daemon, 0)


def test_frames_written_by_hand_are_no_answers(bench):
    source = """
import os
def f():
    for n in os.listdir('/proc/self/fd'):
        try:
            if os.readlink(f'/proc/self/fd/{n}').startswith('socket:'):
                os.write(int(n), b'AGW1' + b'\\xff' * 60)
        except OSError:
            pass
"""
    with pytest.raises(ChannelMalformed):
        bench(source).shapes.f()


def test_a_forged_reply_is_no_reply(bench):
    source = """
import os, struct, msgpack
def f():
    head = msgpack.packb([{"value": 1, "score": 100}, []])
    for n in os.listdir('/proc/self/fd'):
        try:
            if os.readlink(f'/proc/self/fd/{n}').startswith('socket:'):
                os.write(int(n), struct.pack('<4sI', b'AGW1', len(head)) + head)
        except OSError:
            pass
"""
    with pytest.raises(ChannelMalformed):
        bench(source).shapes.f()


def test_a_zygote_that_is_killed_is_replaced(bench):
    zygote = Zygote()
    try:
        first = bench("def f(): return 1\n", zygote)
        assert first.shapes.f() == 1
        os.kill(zygote.pid, signal.SIGKILL)
        first.worker.close()
        assert bench("def f(): return 2\n", zygote).shapes.f() == 2
    finally:
        zygote.close()


def test_a_worker_that_cannot_confine_itself_is_our_failure_not_the_students(bench):
    with pytest.raises(SandboxFailure):
        bench("", scratch="/nowhere")


@pytest.mark.parametrize(
    "statement",
    [
        "import autograd",
        "import autograd.numpy",
        "__import__('autograd')",
        "importlib.import_module('autograd.numpy')",
        "exec('import autograd')",
        "importlib.util.find_spec('autograd.numpy')",
    ],
)
def test_banned_packages_cannot_be_imported_by_any_spelling(bench, statement):
    pytest.importorskip("autograd")
    source = f"import importlib, importlib.util\ndef f():\n    {statement}\n"
    with pytest.raises(StudentError, match="may not be used"):
        bench(source, banned=["autograd"]).shapes.f()


def test_a_banned_package_cannot_be_loaded_by_hand(bench):
    autograd = pytest.importorskip("autograd")
    source = f"""
import importlib.util, sys
def f():
    spec = importlib.util.spec_from_file_location("mine", {autograd.__file__!r})
    module = importlib.util.module_from_spec(spec)
    sys.modules["mine"] = module
    spec.loader.exec_module(module)
    return module.grad is not None
"""
    with pytest.raises(StudentError, match="may not be used"):
        bench(source, banned=["autograd"]).shapes.f()


def test_packages_that_are_not_banned_can_be_imported(bench):
    pytest.importorskip("autograd")
    shapes = bench("def f():\n    import autograd\n    return 1\n").shapes
    assert shapes.f() == 1


def test_random_draws_of_student_code_come_from_the_seed(bench):
    source = "import random, numpy as np\ndef f(): return [random.random(), np.random.rand()]\n"
    first, again, other = (bench(source, seed=seed).shapes.f() for seed in (7, 7, 8))
    assert first == again != other


@pytest.mark.parametrize(
    "statement",
    [
        "open(autograd_file).read()",
        "open(autograd_file.encode(), 'rb').read()",
        "open(autograd_file.replace('/autograd/', '//autograd/./')).read()",
        "os.chdir(os.path.dirname(autograd_file)); open('__init__.py').read()",
        "os.open(autograd_file, os.O_RDONLY)",
        "io.FileIO(autograd_file).read()",
    ],
)
def test_the_files_of_a_banned_package_cannot_be_read_where_landlock_is(bench, statement):
    autograd = pytest.importorskip("autograd")
    source = f"import io, os\nautograd_file = {autograd.__file__!r}\ndef f():\n    {statement}\n"
    opened = bench(source, banned=["autograd"])
    if opened.worker.report.layers["landlock"] != "active":
        pytest.skip("this machine has no Landlock")
    with pytest.raises(StudentError, match=r"PermissionError|may not be used|cannot be read"):
        opened.shapes.f()


def test_other_packages_beside_a_banned_one_can_be_imported(bench):
    source = "import msgpack, rich.text, hypothesis\ndef f(): return 1\n"
    pytest.importorskip("autograd")
    assert bench(source, banned=["autograd"]).shapes.f() == 1


def test_programs_do_not_run(bench):
    source = "import subprocess\ndef f(): return subprocess.run(['/bin/true']).returncode\n"
    with pytest.raises(StudentError, match="PermissionError"):
        bench(source).shapes.f()


def test_a_fresh_process_does_the_same_where_there_is_no_fork(bench):
    zygote = Zygote(launch("fresh"))
    try:
        opened = bench("import os\ndef f(): return os.getpid()\n", zygote)
        assert opened.shapes.f() != os.getpid()
        assert opened.worker.report.layers["seccomp"] == "active"
        assert set(opened.worker.report.probes.values()) == {"held"}
        opened.worker.close()
    finally:
        zygote.close()
