"""Ways to what is banned with no code of the student's on the stack, and by modules loaded late."""

import numpy as np
import pytest

from autograder.rubric.student import StudentError
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import launch

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


_NORM = "it = np.linalg.norm(np.ones(2))"
# Compiled code that has the name of a file of NumPy's within it.
_FORGED = (
    "import _imp, builtins, inspect, io, marshal, os, types\nimport numpy as np\n"
    "import importlib._bootstrap_external as external, importlib.machinery as machinery\n"
    f"source = {_NORM!r}\nname = np.__file__\n"
    "code = compile(source, 'x' * len(name), 'exec')\n"
    "forged = marshal.dumps(code).replace(b'x' * len(name), name.encode())\n"
    "def run(code):\n    exec(code, globals())\n"
    "finder = next(one for one in sys.meta_path if hasattr(one, 'folder'))\n"
)
_LOADED = (
    "text = 'import numpy as np\\n' + source\nopen('mine.py', 'w').write(text)\n"
    "def load(folder):\n"
    "    place = folder + '/..' * 20 + os.getcwd() + '/mine.py'\n"
    "    return machinery.SourceFileLoader('mine', place).load_module()\n"
)


@pytest.mark.parametrize(
    "code",
    [
        _FORGED + "_imp._fix_co_filename(code, name); run(code)",
        _FORGED + "run(external._compile_bytecode(marshal.dumps(code), 'mine', None, name))",
        _FORGED + "run(external._compile_bytecode(forged, 'mine', name))",
        _FORGED + "run(_imp.get_frozen_object('zipimport', forged))",
        (
            _FORGED + "class Loader(machinery.SourcelessFileLoader):\n"
            "    def get_data(self, path):\n"
            "        return external.MAGIC_NUMBER + bytes(12) + forged\n"
            "it = Loader('mine', name).load_module().it"
        ),
        (
            _FORGED + "space = dict(forged=forged)\n"
            "loads = 'import marshal; code = marshal.loads(forged)'\n"
            "exec(compile(loads, '<frozen mine>', 'exec'), space)\nrun(space['code'])"
        ),
        (
            _FORGED + "builtins.open = lambda *_: io.BytesIO(source.encode())\n"
            "run(machinery.SourceFileLoader('mine', name).source_to_code(source.encode(), name))"
        ),
        (
            _FORGED + "class Same(bytes):\n    def __eq__(self, other): return True\n"
            "run(machinery.SourceFileLoader('', name).source_to_code(Same(source.encode()), name))"
        ),
        _FORGED + "builtins.isinstance = lambda *_: False\nrun(compile(source, name, 'exec'))",
        _FORGED + _LOADED + "it = load(os.path.dirname(name)).it",
        _FORGED + _LOADED + "it = load(str(finder.folder.parent / 'support')).it",
        (
            _FORGED + "place = str(finder.folder.parent / 'support/uses.py')\n"
            "run(compile(source, place, 'exec'))"
        ),
        (
            _FORGED + "again = _imp.create_builtin(types.SimpleNamespace(name='_imp'))\n"
            "_imp.exec_builtin(again)\nagain._fix_co_filename(code, name); run(code)"
        ),
        (
            _FORGED + "place = inspect.getsourcefile(np.linalg.inv.__wrapped__)\n"
            "run(machinery.SourceFileLoader('a', place).source_to_code(open(place).read(), place))"
        ),
        (
            _FORGED
            + "place = str(inspect.getsourcefile(np.linalg)).replace('/numpy/', '/numpy/./')\n"
            "actual = inspect.getsourcefile(np.linalg.inv.__wrapped__)\n"
            "place = place.replace('__init__.py', os.path.basename(actual))\n"
            "it = machinery.SourceFileLoader('again', place).load_module()"
        ),
        (
            _FORGED + "class Loader(machinery.SourceFileLoader):\n"
            "    def get_data(self, path): return io.open_code(path).read()\n"
            "    def path_stats(self, path): raise OSError\n"
            "place = os.path.dirname(name) + '/linalg/' + (\n"
            "    '_linalg.py' if hasattr(np.linalg, '_linalg') else 'linalg.py')\n"
            "it = Loader('again', place).load_module()"
        ),
        (
            _FORGED + "real = _imp.create_dynamic\n"
            "spec = machinery.ModuleSpec('mine._imp', None, origin='/no/libpython.so')\n"
            "it = real(spec)"
        ),
        _FORGED
        + "del sys.modules['_imp']\nimport _imp\n_imp._fix_co_filename(code, name)\nrun(code)",
    ],
)
def test_code_cannot_be_given_the_name_of_a_librarys(light, make_job, open_worker, code):
    support = {"uses.py": "import numpy as np\ndef size(x):\n    return np.linalg.norm(x)\n"}
    job = make_job({"shapes.py": SOURCE}, support=support, banned_names=["numpy.linalg.*"])
    student = open_worker(light, job)
    assert student.support.uses.size([3.0, 4.0]) == 5.0
    assert student.shapes.run(code).startswith(REFUSED)


# What the frames of an exception, the functions in them and their code contain.
_REACHED = (
    "import _imp, marshal, types\nimport numpy as np\n"
    "def parts(thing):\n"
    "    for name in ('tb_frame', 'tb_next', 'f_code', 'f_locals', '__code__', '__closure__',\n"
    "                 '__defaults__', 'cell_contents', 'co_consts'):\n"
    "        try:\n            yield getattr(thing, name)\n"
    "        except (AttributeError, ImportError):\n            pass\n"
    "    if type(thing) in (tuple, frozenset):\n        yield from thing\n"
    "    if type(thing) is dict and thing is not globals():\n        yield from thing.values()\n"
    "def reached(call):\n"
    "    try:\n        call()\n"
    "    except Exception as error:\n        left = [error.__traceback__.tb_next]\n"
    "    seen = {}\n"
    "    while left:\n"
    "        thing = left.pop()\n"
    "        if id(thing) not in seen:\n"
    "            seen[id(thing)] = thing\n            left += parts(thing)\n"
    "    return list(seen.values())\n"
)
_REPLACED = (
    "frames = [one for one in found if type(one) is types.FrameType]\n"
    "assert any(frame.f_globals is not globals() for frame in frames)\n"
    "it = {one.__name__ for one in found if type(one) is type(len)} & {\n"
    "    '_fix_co_filename', 'get_frozen_object', 'create_builtin', 'create_dynamic'}\n"
)


@pytest.mark.parametrize(
    "call",
    [
        "marshal.loads(marshal.dumps(1))",
        "compile('1', np.__file__, 'eval')",
        "(lambda: 0).__code__.replace(co_filename=np.__file__)",
        "_imp._fix_co_filename((lambda: 0).__code__, np.__file__)",
        "_imp.get_frozen_object('zipimport', b'')",
        "_imp.create_builtin(types.SimpleNamespace(name='_imp'))",
        "_imp.create_dynamic(types.SimpleNamespace(name='_imp'))",
        "sys.settrace(None)",
        "np.linalg.inv(np.eye(2))",
    ],
)
def test_the_frames_of_a_refusal_do_not_lead_to_what_was_replaced(student, call):
    code = f"{_REACHED}found = reached(lambda: {call})\n{_REPLACED}"
    assert student.run(code) == "set()"


def test_a_second_interpreter_which_has_no_guards_cannot_be_had(student):
    pytest.importorskip("_xxsubinterpreters")
    told = student.run("import _xxsubinterpreters as other; it = other.create()")
    assert told == "RuntimeError: interpreter creation failed"


def test_modules_of_a_library_and_of_python_can_be_loaded_late(student):
    code = "import wave, numpy.ma.mrecords as it\nassert wave.open and sys.modules.pop('wave')"
    assert student.run(f"{code}; import wave").startswith("<module 'numpy.ma.mrecords'")


@pytest.mark.parametrize(
    "patch",
    [
        "re.search = re.findall = lambda *_: ['inv']",
        "builtins.open = io.open = lambda *_, **__: io.StringIO('inv')",
        "",
    ],
)
def test_what_support_modules_name_cannot_be_patched(light, make_job, open_worker, patch):
    source = (
        "import builtins, io, re\nimport numpy as np\n"
        f"def box():\n    {patch or 'pass'}\n"
        "    one = lambda: 0\n    one.forward = np.linalg.inv\n    return one\n"
    )
    support = {"reference.py": "def call(one, x):\n    return one.forward(x)\n"}
    job = make_job({"shapes.py": source}, support=support, banned_names=["numpy.linalg.*"])
    student = open_worker(light, job)
    with pytest.raises(StudentError, match=r"numpy\.linalg\.inv may not be used"):
        student.support.reference.call(student.hold(student.shapes.box), np.eye(2))


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
