"""Libraries that would start processes do without in a worker, or say how to."""

import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentError, StudentProxy
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import launch

RUN = "def f(code):\n    exec(code, {'__name__': 'code'})\n"
DATA = """
import torch
from torch.utils.data import DataLoader, TensorDataset
data = TensorDataset(torch.arange(100.0))
"""
TORCH = {
    "workers that load data": DATA
    + """
loader = DataLoader(data, batch_size=10, shuffle=True, num_workers=2, persistent_workers=True)
assert loader.num_workers == 0 and sum(batch[0].sum() for batch in loader) == 4950
""",
    "workers by place": DATA
    + """
loader = DataLoader(data, 10, True, None, None, 4, None, True)
assert loader.num_workers == 0 and len(list(loader)) == 10
""",
    "a loader of a class of one's own": DATA
    + """
class Own(DataLoader):
    def __init__(self, data, **options):
        super().__init__(data, batch_size=5, num_workers=3, prefetch_factor=2, **options)
assert len(list(Own(data, multiprocessing_context="spawn", timeout=3))) == 20
""",
    "a compiled model": """
import torch
model = torch.compile(torch.nn.Linear(3, 2), mode="max-autotune")
assert model(torch.ones(4, 3)).shape == (4, 2)
""",
    "a compiled function": """
import torch
@torch.compile
def f(x):
    return x + 1
@torch.compile(fullgraph=True)
def g(x):
    return x * 2
assert g(f(torch.ones(1))).item() == 4
""",
    "a model that compiles itself": """
import torch
model = torch.nn.Linear(3, 2)
model.compile()
assert model(torch.ones(4, 3)).shape == (4, 2)
""",
}
POOLS = {
    "Pool": "from multiprocessing import Pool\nwith Pool(4) as pool:\n    pool.map(abs, [1])",
    "Pool of a context": "import multiprocessing as m\nm.get_context('fork').Pool().map(abs, [1])",
    "Pool by its module": "import multiprocessing.pool as p\np.Pool(2)",
    "executor": "from concurrent.futures import ProcessPoolExecutor as P\nP().map(abs, [1])",
    "executor by its module": "import concurrent.futures as c\nc.ProcessPoolExecutor(2)",
    "Queue": "import multiprocessing\nmultiprocessing.Queue().put(1)",
    "Lock": "import multiprocessing\nmultiprocessing.Lock()",
    "Event": "import multiprocessing as m\nm.get_context('spawn').Event()",
    "a new interpreter": "import multiprocessing as m\nm.get_context('spawn').Process().start()",
    "manager": "import multiprocessing\nmultiprocessing.Manager().list()",
}
FINE = {
    "threads": """
from multiprocessing.pool import ThreadPool
assert ThreadPool(2).map(abs, [-1]) == [1]
""",
    "more threads": """
from concurrent.futures import ThreadPoolExecutor
assert list(ThreadPoolExecutor(2).map(abs, [-1])) == [1]
""",
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


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
@pytest.mark.parametrize("what", TORCH)
def test_pytorch_does_without(run, what):
    run(TORCH[what], "torch", address_bytes=64 * 2**30)


@pytest.mark.parametrize("what", POOLS)
def test_what_asks_for_processes_is_told_how_to_do_without(run, what):
    with pytest.raises(StudentError) as caught:
        run(POOLS[what])
    assert caught.value.kind == "ProcessRefused"
    assert "grading allows one process" in caught.value.message
    assert "results = [work(x) for x in inputs]" in caught.value.message


@pytest.mark.parametrize("what", FINE)
def test_threads_are_no_processes(run, what):
    run(FINE[what])


def test_a_library_that_only_could_use_processes_does_without(run):
    pytest.importorskip("joblib")
    run("from joblib import Parallel, delayed\n"
        "assert Parallel(n_jobs=2)(delayed(abs)(x) for x in [-1, 2]) == [1, 2]")  # fmt: skip


@pytest.mark.parametrize("fields", [{}, {"allowed": ["numpy"], "runtime": ["msgpack", "numpy"]}])
def test_modules_of_colab_are_there_in_packages_and_do_nothing(run, fields):
    run("from google.colab import drive, files\ndrive.mount('/content')\n"
        "assert files.upload() == {}\nimport kaggle_secrets", **fields)  # fmt: skip
