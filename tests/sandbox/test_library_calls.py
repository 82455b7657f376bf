"""What libraries do in a worker works under the list of system calls, on every way they try."""

import os
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentError, StudentProxy
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import launch

RUN = "def f(code):\n    exec(code, {'__name__': 'code'})\n"

PYTHON = {
    "many threads": """
import threading
seen = []
threads = [threading.Thread(target=seen.append, args=(i,)) for i in range(200)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(seen) == 200
""",
    "as many threads as a machine of 128 cores starts": """
import time
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(132) as pool:
    assert sum(pool.map(lambda x: (time.sleep(0.01), x)[1], range(500))) == 124750
""",
    "waiting with a time limit": """
import queue, threading
assert not threading.Event().wait(0.01)
try: queue.Queue().get(timeout=0.01)
except queue.Empty: pass
""",
    "processes and pipes": """
import multiprocessing
context = multiprocessing.get_context("fork")
ours, theirs = context.Pipe()
process = context.Process(target=lambda: theirs.send([1, 2]))
process.start()
assert ours.recv() == [1, 2]
process.join()
assert process.exitcode == 0
""",
    "copies of files": """
import os, pathlib, shutil
pathlib.Path("a").write_bytes(b"x" * 3_000_000)
os.makedirs("d/e")
shutil.copyfile("a", "b")
assert open("b", "rb").read() == open("a", "rb").read()
shutil.move("b", "h")
shutil.disk_usage(".")
shutil.make_archive("z", "zip", "d")
shutil.unpack_archive("z.zip", "u")
shutil.rmtree("d")
shutil.get_terminal_size()
""",
    "copies of rights and times": """
import os, shutil
os.makedirs("d/e")
open("d/a", "w").close()
shutil.copy2("d/a", "b")
shutil.copytree("d", "g")
os.chmod("b", 0o600)
os.utime("b")
""",
    "folders": """
import glob, os
from pathlib import Path
open("s", "w").close()
assert any(entry.name == "s" and entry.is_file() for entry in os.scandir("."))
list(os.walk("."))
assert "s" in glob.glob("**", recursive=True)
folder = os.open(".", os.O_RDONLY)
os.listdir(folder)
os.stat("s", dir_fd=folder)
Path("p").mkdir()
Path("p/f").write_text("x")
Path("p/f").rename("p/g")
os.replace("p/g", "p/h")
os.link("p/h", "p/i")
os.symlink("h", "p/j")
assert Path("p/j").resolve().name == "h"
os.truncate("p/h", 0)
Path("p/h").unlink()
os.chdir("p")
os.chdir("..")
os.statvfs(".")
os.fsync(folder)
""",
    "temporary files": """
import tempfile
with tempfile.TemporaryFile() as file: file.write(b"x")
with tempfile.NamedTemporaryFile() as file: file.truncate(10)
with tempfile.TemporaryDirectory(): pass
""",
    "arrays in files": """
import numpy as np
x = np.arange(3_000_000.0)
np.save("x.npy", x)
assert (np.load("x.npy") == x).all()
assert (np.load("x.npy", mmap_mode="r")[:9] == x[:9]).all()
view = np.memmap("m", dtype="f4", mode="w+", shape=(1000, 100))
view[:] = 3
view.flush()
assert np.memmap("m", dtype="f4", mode="r+", shape=(1000, 100)).sum() == 300000
np.savez_compressed("y.npz", a=x[:9])
assert (np.load("y.npz")["a"] == x[:9]).all()
x.tofile("raw")
assert (np.fromfile("raw") == x).all()
""",
    "memory": """
import mmap
block = mmap.mmap(-1, 2**22, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
block[:3] = b"abc"
block.resize(2**23)
block.madvise(mmap.MADV_DONTNEED)
""",
    "asyncio": """
import asyncio
async def work():
    await asyncio.sleep(0.01)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, sum, range(10)), await asyncio.to_thread(abs, -1)
assert asyncio.run(work()) == (45, 1)
""",
    "signals and timers": """
import signal, time
hits = []
signal.signal(signal.SIGALRM, lambda *_: hits.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.02)
time.sleep(0.1)
assert hits
""",
    "pairs of sockets, pipes, and waiting for them": """
import os, select, socket
a, b = socket.socketpair()
a.setblocking(False)
b.settimeout(1)
a.send(b"x")
assert b.recv(1) == b"x"
watch = select.epoll()
watch.register(b, select.EPOLLIN)
assert watch.poll(0.01) == []
select.select([b], [], [], 0.01)
a.shutdown(socket.SHUT_RDWR)
reading, writing = os.pipe()
os.set_blocking(reading, False)
os.write(writing, b"x")
assert os.read(reading, 1) == b"x"
""",
    "what the machine is": """
import locale, os, platform, random, resource, secrets, time, uuid
os.sched_setaffinity(0, os.sched_getaffinity(0))
platform.platform(), os.uname(), os.times(), os.cpu_count(), uuid.uuid4(), secrets.token_hex()
resource.getrusage(resource.RUSAGE_SELF), resource.getrlimit(resource.RLIMIT_AS)
time.process_time(), time.thread_time(), locale.setlocale(locale.LC_ALL, "C")
""",
    "a database in memory": """
import sqlite3
table = sqlite3.connect(":memory:")
table.execute("create table t(a)")
""",
    "a database in a file": """
import sqlite3
table = sqlite3.connect("d")
table.execute("create table t(a)")
table.execute("insert into t values (3)")
table.commit()
other = sqlite3.connect("d")
assert other.execute("select a from t").fetchall() == [(3,)]
other.execute("insert into t values (4)")
other.commit()
assert len(table.execute("select a from t").fetchall()) == 2
""",
    "locks of files": """
import fcntl
with open("l", "w") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    fcntl.flock(file, fcntl.LOCK_UN)
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.lockf(file, fcntl.LOCK_UN)
""",
    "advice on files and memory": """
import mmap, os
with open("a", "w+b") as file:
    file.write(bytes(9999))
    file.flush()
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
    os.posix_fallocate(file.fileno(), 0, 20000)
    view = mmap.mmap(file.fileno(), 0)
    for advice in (mmap.MADV_RANDOM, mmap.MADV_SEQUENTIAL, mmap.MADV_WILLNEED):
        view.madvise(advice)
""",
    "looking at code that runs": """
import cProfile, faulthandler, logging, timeit, tracemalloc
logging.basicConfig(filename="log")
logging.error("x")
profile = cProfile.Profile()
profile.enable()
profile.disable()
timeit.timeit("1", number=3)
""",
}
LIBRARIES = {
    "matplotlib": """
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
plt.plot([1, 2])
for name in ("f.png", "f.pdf", "f.svg"): plt.savefig(name)
plt.close("all")
""",
    "IPython": """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in (
    "%timeit -n 3 -r 2 1 + 1", "%time 1 + 1", "%%time\\n2 + 2", "%who", "%pwd",
    "import asyncio\\nawait asyncio.sleep(0.01)", "%%capture out\\nprint(1)", "%prun 1 + 1",
    "%%writefile w.py\\nx = 1", "%run w.py", "%load_ext autoreload", "%autoreload 2",
):
    result = shell.run_cell(cell)
    assert result.success, (cell, result)
""",
}
TORCH = {
    "a training": """
import torch
model = torch.nn.Sequential(torch.nn.Linear(10, 300), torch.nn.ReLU(), torch.nn.Linear(300, 2))
optimizer = torch.optim.Adam(model.parameters())
for _ in range(3):
    optimizer.zero_grad()
    model(torch.randn(64, 10)).sum().backward()
    optimizer.step()
torch.nn.Conv2d(3, 8, 3)(torch.randn(4, 3, 32, 32)).mean().backward()
torch.linalg.svd(torch.randn(100, 100))
assert torch.cuda.is_available() in (True, False)
""",
    "weights in files": """
import torch
torch.save({"a": torch.ones(10000)}, "t.pt")
assert torch.load("t.pt", weights_only=True)["a"].sum() == 10000
assert torch.load("t.pt", mmap=True, weights_only=True)["a"].sum() == 10000
""",
    "a pool of threads for 128 cores": """
import torch
torch.set_num_threads(128)
x = torch.randn(1000, 1000)
(x @ x + x).sum()
""",
    "batches of data": """
import torch
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(torch.arange(100.0)), batch_size=10, shuffle=True)
assert sum(batch[0].sum() for batch in loader) == 4950
""",
}
# As a plain user, a worker owns the grader's files, and may change rights and times of none.
CHANGES_RIGHTS = {"copies of rights and times", "IPython"}
REFUSED = {
    "lease": "import fcntl; fcntl.fcntl(open('l', 'w'), fcntl.F_SETLEASE, fcntl.F_WRLCK)",
    "who holds a lock": "import fcntl; fcntl.fcntl(open('l', 'w'), fcntl.F_GETLK, bytes(32))",
    "larger pipe": "import fcntl, os; fcntl.fcntl(os.pipe()[1], 1031, 2**20)",
    "dropping pages": "import os; os.posix_fadvise(os.open('.', 0), 0, 0, 4)",
    "named pipe": "import os; os.mkfifo('fifo')",
    "programs": "import subprocess; subprocess.run(['/bin/true'])",
    "signals of files": "import fcntl; fcntl.fcntl(open('l', 'w'), fcntl.F_SETOWN, 1)",
    "memory that the kernel fills": "import mmap; mmap.mmap(-1, 9, flags=0x8022)",
}


@pytest.fixture(scope="module")
def zygotes():
    opened = {}

    def zygote(*options):
        if options not in opened:
            opened[options] = Zygote(launch(*options))
        return opened[options]

    yield zygote
    for one in opened.values():
        one.close()


@pytest.fixture
def run(zygotes, make_job):
    workers = []

    def run(code, *options, **fields):
        job = make_job({"shapes.py": RUN}, memory_bytes=4 * 2**30, **fields)
        workers.append(zygotes(*options).open(job))
        ask = partial(workers[-1].ask, deadline=time.monotonic() + 60)
        StudentProxy(StudentConnection(ask, Path(job.folder))).shapes.f(code)

    yield run
    for worker in workers:
        worker.close()


def skip_where_refused(what):
    if what in CHANGES_RIGHTS and os.geteuid() != 0:
        pytest.skip("a worker with the grader's id may not change rights of files")


@pytest.mark.parametrize("what", PYTHON)
@pytest.mark.repeated_without_root
def test_python_and_numpy(run, what):
    skip_where_refused(what)
    run(PYTHON[what])


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.repeated_without_root
def test_libraries(run, library):
    if find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    skip_where_refused(library)
    run(LIBRARIES[library])


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
@pytest.mark.parametrize("what", TORCH)
def test_pytorch(run, what):
    run(TORCH[what], "torch", address_bytes=64 * 2**30)


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.repeated_without_root
def test_python_tells_what_is_refused_as_a_permission_error(run, what):
    with pytest.raises(StudentError, match="PermissionError"):
        run(REFUSED[what])
