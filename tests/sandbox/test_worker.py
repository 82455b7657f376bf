"""Workers run student code apart from the judge, within limits, and leave nothing behind."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.rubric.student import Session, Student, StudentError
from autograder.sandbox.process import SandboxFailure, Zygote
from autograder.sandbox.reap import become_subreaper, kill_descendants
from autograder.sandbox.wire import WireClosed, WireMalformed, WireTimeout
from autograder.sandbox.worker import Job


@pytest.fixture(scope="module")
def zygote():
    become_subreaper()
    zygote = Zygote()
    yield zygote
    zygote.close()
    kill_descendants()


class Bench:
    """A submission of one module, `shapes`, and a worker that serves it."""

    def __init__(self, zygote, folder, source, **limits):
        (folder / "in").mkdir()
        (folder / "in" / "shapes.py").write_text(source)
        (folder / "scratch").mkdir()
        self.folder = folder
        job = {
            "folder": str(folder / "in"),
            "packages": {"shapes": []},
            "support": str(folder / "support"),
            "scratch": str(folder / "scratch"),
            "banned": [],
            "seed": 1,
            "memory_bytes": 2 * 2**30,
            "cpu_seconds": 30,
            "answer_bytes": 2**24,
        }
        self.worker = zygote.open(Job(**(job | limits)))
        self.seconds = 20.0

    @property
    def student(self):
        return Student(
            Session(
                lambda request: self.worker.ask(request, time.monotonic() + self.seconds),
                self.folder / "in",
            )
        )

    @property
    def shapes(self):
        return self.student.shapes


@pytest.fixture
def bench(zygote, tmp_path):
    opened = []

    def open_bench(source, **limits):
        opened.append(Bench(zygote, tmp_path, source, **limits))
        return opened[-1]

    yield open_bench
    for one in opened:
        one.worker.close()


def processes_with(mark):
    """Processes that have a word on their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if mark.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                pass
    return found


def test_a_worker_computes(bench):
    shapes = bench("def double(x): return 2 * x").shapes
    np.testing.assert_array_equal(shapes.double(np.ones(3)), 2 * np.ones(3))


def test_a_worker_is_another_process(bench):
    shapes = bench("import os\ndef pid(): return os.getpid()").shapes
    assert shapes.pid() != os.getpid()


def test_a_workers_environment_and_folder_tell_nothing(bench):
    opened = bench("import os\ndef look(): return [dict(os.environ), os.getcwd(), os.listdir()]")
    environment, folder, files = opened.shapes.look()
    assert folder == str(opened.folder / "scratch") and files == []
    assert not {"HOME", "USER", "PWD"} & set(environment)


def test_a_worker_holds_no_descriptor_but_its_own(bench):
    source = "import os\ndef look(): return [os.readlink(f'/proc/self/fd/{n}') for n in open_()]\n"
    source += "def open_(): return sorted(int(n) for n in os.listdir('/proc/self/fd'))[:-1]\n"
    targets = bench(source).shapes.look()
    assert sum(target.startswith("socket:") for target in targets) == 1
    assert {target for target in targets if not target.startswith("socket:")} == {"/dev/null"}


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
def test_a_dead_worker_is_noticed_and_the_next_one_works(zygote, tmp_path, statement, words):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    dying = Bench(zygote, tmp_path / "one", f"import os, ctypes\ndef f(): {statement}\n")
    with pytest.raises(WireClosed):
        dying.shapes.f()
    assert words in dying.worker.how_it_ended()
    next_one = Bench(zygote, tmp_path / "two", "def f(): return 1\n")
    assert next_one.shapes.f() == 1
    next_one.worker.close()


def test_an_endless_loop_ends_at_the_deadline(bench):
    opened = bench("def f():\n    while True: pass\n")
    shapes = opened.shapes
    opened.seconds = 0.3
    with pytest.raises(WireTimeout):
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
    mark = f"daemon-{os.getpid()}-{time.monotonic_ns()}"
    source = f"""
import os, sys, subprocess
def f():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "{mark}"])
            import time; time.sleep(600)
        os._exit(0)
    import time; time.sleep(0.3)
    return "left behind"
"""
    opened = bench(source)
    assert opened.shapes.f() == "left behind"
    assert processes_with(mark), "the test's own daemon should be running by now"
    opened.worker.close()
    assert not processes_with(mark)


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
    with pytest.raises(WireMalformed):
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
    with pytest.raises(WireMalformed):
        bench(source).shapes.f()


def test_a_zygote_that_is_killed_is_replaced(tmp_path):
    zygote = Zygote()
    try:
        (tmp_path / "one").mkdir()
        (tmp_path / "two").mkdir()
        killer = Bench(
            zygote, tmp_path / "one", "import os\ndef f(): os.kill(os.getppid(), 9); return 1\n"
        )
        assert killer.shapes.f() == 1
        killer.worker.close()
        next_one = Bench(zygote, tmp_path / "two", "def f(): return 2\n")
        assert next_one.shapes.f() == 2
        next_one.worker.close()
    finally:
        zygote.close()


def test_a_worker_that_cannot_limit_itself_is_our_failure_not_the_students(zygote, tmp_path):
    with pytest.raises(SandboxFailure):
        Bench(zygote, tmp_path, "", scratch=str(tmp_path / "not there"))


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


def test_random_draws_of_student_code_come_from_the_seed(zygote, tmp_path):
    source = "import random, numpy as np\ndef f(): return [random.random(), np.random.rand()]\n"
    draws = []
    for number, seed in enumerate([7, 7, 8]):
        (tmp_path / str(number)).mkdir()
        one = Bench(zygote, tmp_path / str(number), source, seed=seed)
        draws.append(one.shapes.f())
        one.worker.close()
    assert draws[0] == draws[1] != draws[2]
