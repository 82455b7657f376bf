"""Ways to what is banned with no code of the student's on the stack, and by modules loaded late."""

import pytest

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
