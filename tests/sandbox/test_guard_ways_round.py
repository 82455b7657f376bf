"""Ways to what is banned with no code of the student's on the stack, and by modules loaded late."""

import numpy as np
import pytest

from autograder.rubric.student import StudentError
from autograder.sandbox.launch import launch
from autograder.sandbox.process import Zygote

SOURCE = """
import sys

def run(code):
    variables = {"__name__": "shapes", "sys": sys}
    try:
        exec(code, variables)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return repr(variables.get("it"))
"""
REFUSED = ("BannedName: ", "PermissionError: ")
# All that a thread of the pool has on its stack is code of the library.
_POOL = (
    "import concurrent.futures, ctypes, gc, marshal, operator, types\nimport numpy as np\n"
    "hidden = np.linalg.inv._implementation\n"
    "def pool(*call):\n    return concurrent.futures.ThreadPoolExecutor(1).submit(*call).result()\n"
)


@pytest.fixture(scope="module")
def light():
    zygote = Zygote(launch())
    yield zygote
    zygote.close()


@pytest.fixture
def student(light, make_job, open_worker):
    return open_worker(
        light, make_job({"shapes.py": SOURCE}, banned_names=["numpy.linalg.*"])
    ).shapes


@pytest.mark.parametrize(
    "code",
    [
        _POOL + "it = pool(getattr, hidden, '__code__').co_consts",
        _POOL + "it = pool(types.FunctionType.__code__.__get__, hidden)",
        _POOL + "it = pool(operator.attrgetter('__code__'), hidden)",
        _POOL + "it = pool(gc.get_objects)",
        _POOL + "it = pool(gc.get_referents, hidden)",
        _POOL + "it = pool(sys._current_frames)",
        _POOL + "it = pool(compile, 'np.linalg.inv(np.eye(2))', np.__file__, 'eval')",
        (
            _POOL + "code = compile('np.linalg.inv(np.eye(2))', 'mine', 'eval')\n"
            "it = pool(operator.methodcaller('replace', co_filename=np.__file__), code)"
        ),
        _POOL + "it = pool(marshal.loads, marshal.dumps(compile('1', 'x', 'eval')))",
        _POOL + "it = pool(ctypes.CDLL, None)",
        _POOL + "it = pool(types.coroutine, hidden)",
        "import _thread, gc; it = gc.get_objects()",
        # Modules of a banned package that nothing has loaded.
        "import numpy.linalg.lapack_lite as lapack; it = lapack.dgelsd()",
        "import importlib; it = importlib.import_module('numpy.linalg.lapack_lite').dgeqrf()",
        "from numpy.linalg.lapack_lite import dgelsd as solve; it = solve()",
    ],
)
def test_ways_without_code_of_the_students_on_the_stack_are_refused(student, code):
    assert student.run(code).startswith(REFUSED)


def test_c_code_that_those_call_who_may_look_at_frames_sees_nothing(student):
    told = student.run(
        "import functools, operator, traceback\nimport numpy as np\n"
        "box, frames = [], []\n"
        "try:\n    np.linalg.inv([[1.0]])\n"
        "except ImportError as error:\n"
        "    at = error.__traceback__\n"
        "    while at:\n        frames.append(at.tb_frame); at = at.tb_next\n"
        "class Shown(Exception):\n"
        "    __str__ = functools.partial(\n"
        "        list.extend, box, map(operator.attrgetter('f_code'), frames))\n"
        "try:\n    raise Shown\n"
        "except Shown:\n    traceback.format_exc()\n"
        "it = [one for code in box for one in code.co_consts if callable(one)]"
    )
    assert told == "[]" or told.startswith(REFUSED)


@pytest.mark.parametrize(
    ("code", "result"),
    [
        # These mark functions of their own as coroutines when they are loaded.
        ("import asyncio\nasync def f():\n    return 1\nit = asyncio.run(f())", "1"),
        ("import unittest.mock as mock; it = mock.MagicMock(return_value=3)()", "3"),
        (
            (
                "import traceback\nimport numpy as np\ntry:\n    np.linalg.inv([[1.0]])\n"
                "except ImportError as error:\n"
                "    it = [one.name for one in traceback.extract_tb(error.__traceback__)][:2]"
            ),
            "['<module>', 'inv']",
        ),
        (
            (
                "import concurrent.futures\nimport numpy as np\n"
                "with concurrent.futures.ThreadPoolExecutor(2) as pool:\n"
                "    it = list(pool.map(np.cov, [[1.0, 3.0]]))"
            ),
            "[array(2.)]",
        ),
        ("import gc; it = gc.collect() >= 0", "True"),
    ],
)
def test_what_is_not_banned_goes_on(student, code, result):
    assert student.run(code) == result


def test_modules_that_a_package_does_not_have_as_attributes_are_guarded(make_job, open_worker):
    pytest.importorskip("torch")
    zygote = Zygote(launch("torch"))
    try:
        job = make_job(
            {"shapes.py": SOURCE}, banned_names=["torch.optim"], address_bytes=2**36,
            memory_bytes=4 * 2**30,
        )  # fmt: skip
        student = open_worker(zygote, job).shapes
        code = "from torch.optim.sgd import sgd; it = sgd([], [], [])"
        assert student.run(code).startswith(REFUSED)
        assert student.run("import torch; it = torch.ones(2).tolist()") == "[1.0, 1.0]"
    finally:
        zygote.close()


# The judge calls what student code has under a name of its own: nothing of theirs is on the stack.
NAMED = """
import functools
import numpy as np

inverse = getattr(np.linalg, "in" + "v")
partly = functools.partial(inverse)

class Solver:
    solve = staticmethod(getattr(np.linalg, "sol" + "ve"))

solver = Solver()
"""


def test_a_name_of_ones_own_for_a_banned_function_is_refused(light, make_job, open_worker):
    job = make_job({"shapes.py": NAMED}, banned_names=["numpy.linalg.*"])
    student = open_worker(light, job).shapes
    two = np.eye(2) * 2
    for call in (
        lambda: student.inverse(two),
        lambda: student.partly(two),
        lambda: student.solver.solve(two, two),
        lambda: student.Solver.solve(two, two),
    ):
        with pytest.raises(StudentError, match=r"numpy\.linalg\.\w+ may not be used"):
            call()


NAMED_OF_TORCH = """
import torch

Layer = getattr(torch.nn, "Lin" + "ear")
back = getattr(torch.Tensor, "back" + "ward")

class Mine(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight, self.bias = torch.nn.Parameter(torch.ones(3, 2)), None
    forward = getattr(Layer, "for" + "ward")

def loss():
    return (torch.ones(2, requires_grad=True) * 2).sum()

def ones():
    return torch.ones(1, 2)
"""


def test_a_name_of_ones_own_for_a_banned_class_or_method_is_refused(make_job, open_worker):
    pytest.importorskip("torch")
    zygote = Zygote(launch("torch"))
    try:
        job = make_job(
            {"shapes.py": NAMED_OF_TORCH},
            banned_names=["torch.nn.Linear", "torch.Tensor.backward"],
            support={"reference.py": "import torch\ndef make():\n    return torch.nn.Sequential("
                     "torch.nn.Linear(2, 3))\n"},
            address_bytes=2**36, memory_bytes=4 * 2**30,
        )  # fmt: skip
        bench = open_worker(zygote, job)
        student = bench.shapes
        x = bench.hold(student.ones)
        for call in (
            lambda: bench.hold(student.Layer, 2, 3),
            lambda: student.back(bench.hold(student.loss)),
            lambda: bench.hold(bench.hold(student.Mine), x),
        ):
            with pytest.raises(StudentError, match=r"torch\.\S+ may not be used"):
                call()
        # What a support module has made, and a method that the judge itself asks for.
        net = bench.hold(bench.support.reference.make)
        assert bench.array(bench.hold(net, x)).shape == (1, 3)
        bench.hold(bench.hold(student.loss).backward)
    finally:
        zygote.close()
