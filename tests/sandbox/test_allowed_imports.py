"""Where only some libraries are allowed, no other one can be had in a worker, in any way."""

import pytest

from autograder.sandbox.client import Zygote
from autograder.sandbox.imports import NOTEBOOK_RUNTIME, RUNTIME
from autograder.sandbox.launch import launch
from autograder.sandbox.needed import needed_by

SOURCE = """
import importlib, importlib.machinery, importlib.util, io, os, pickle, pkgutil, runpy, shutil, sys
import zipimport

def got(statement):
    found = {}
    try:
        exec(statement, globals(), found)
    except (ImportError, OSError) as error:
        return f"refused: {error}"
    return repr(found.get("it"))

def library(name):
    for folder in sys.path:
        if os.path.exists(os.path.join(folder, name)):
            return os.path.join(folder, name)
    raise LookupError(name)

def compiled(name):
    return importlib.util.cache_from_source(library(name) + "/__init__.py")

def compiled_for(name):
    return library(name + importlib.machinery.EXTENSION_SUFFIXES[0])

def zeros():
    return compiled_for('scipy/optimize/_zeros')

def loaded():
    return sorted({name.partition(".")[0] for name in sys.modules})

def files(module):
    return str(sys.modules[module].__file__)
"""


@pytest.fixture(scope="module")
def zygote():
    zygote = Zygote(launch())
    yield zygote
    zygote.close()


@pytest.fixture
def student(zygote, make_job, open_worker):
    job = make_job({"shapes.py": SOURCE}, allowed=["numpy"], runtime=["msgpack", "numpy"])
    return open_worker(zygote, job)


NOT_ALLOWED = """
import scipy.optimize as it
import mpmath as it
import autograd as it
import yaml as it
it = __import__('scipy')
it = importlib.import_module('mpmath')
it = importlib.__import__('mpmath')
it = pickle.loads(b'cmpmath\\nmpf\\n.')
it = runpy.run_module('mpmath')
it = runpy.run_path(library('mpmath'))
it = pkgutil.get_loader('mpmath').load_module('mpmath')
it = pkgutil.resolve_name('mpmath:diff')
sys.path.insert(0, library('mpmath')); import ctx_mp as it
it = open(library('mpmath') + '/__init__.py').read()
it = io.FileIO(library('mpmath') + '/__init__.py').read()
it = os.open(library('mpmath') + '/__init__.py', os.O_RDONLY)
os.chdir(library('mpmath')); it = os.open('__init__.py', os.O_RDONLY)
shutil.copytree(library('mpmath'), 'mine'); it = 1
os.symlink(library('mpmath'), 'mine'); sys.path.insert(0, '.'); import mine as it
os.link(library('mpmath') + '/__init__.py', 'mine.py'); it = 1
sys.meta_path.insert(0, importlib.machinery.PathFinder); import mpmath as it
sys.meta_path[:] = [importlib.machinery.PathFinder]; import mpmath as it
import builtins; builtins.isinstance = lambda *_: False; import mpmath as it
it = importlib.machinery.SourceFileLoader('m', library('mpmath') + '/__init__.py').load_module()
it = importlib.machinery.SourcelessFileLoader('m', compiled('mpmath')).load_module()
it = importlib.util.spec_from_file_location('m', library('mpmath/math2.py')).loader.get_code('m')
it = zipimport.zipimporter(library('mpmath'))
sys.modules['scipy'] = None; del sys.modules['scipy']; import scipy as it
import typing; typing.TYPE_CHECKING = True; import scipy as it
import site; site.addsitedir(os.path.dirname(library('scipy'))); import scipy as it
open('a.pth', 'w').write('import scipy'); import site; site.addsitedir('.'); import scipy as it
import importlib.metadata as m; it = m.EntryPoint('a', 'scipy.optimize:minimize', 'b').load()
it = pkgutil.get_data('scipy', '__init__.py')
import importlib.resources as r; it = r.files('scipy')
import mmap; it = mmap.mmap(os.open(library('mpmath') + '/__init__.py', os.O_RDONLY), 0, prot=1)
import numpy; it = numpy.fromfile(library('mpmath') + '/__init__.py', 'u1')
import numpy; it = numpy.ctypeslib.load_library('_zeros', library('scipy/optimize'))
import concurrent.futures as c; it = c.ThreadPoolExecutor(1).submit(__import__, 'scipy').result()
import _imp, types; it = _imp.create_dynamic(types.SimpleNamespace(name='a', origin=zeros()))
import unittest; it = unittest.TestLoader().loadTestsFromName('scipy.optimize'); import scipy as it
import doctest; it = doctest._normalize_module('scipy')
import pydoc; it = pydoc.locate('scipy') or __import__('scipy')
import unittest.mock as m; it = m.patch('scipy.optimize.minimize').start()
import numpy.testing as t; it = t.__builtins__['__import__']('scipy')
import numpy.f2py as f; it = f.__builtins__['__import__']('scipy')
import ctypes; it = ctypes.CDLL(compiled_for('scipy/optimize/_zeros'))
import ctypes; it = ctypes.CDLL(library('scipy.libs/' + os.listdir(library('scipy.libs'))[0]))
""".strip().splitlines()


@pytest.mark.parametrize("statement", NOT_ALLOWED)
def test_a_library_that_is_not_allowed_cannot_be_had(student, statement):
    pytest.importorskip("autograd")
    assert student.shapes.got(statement).startswith("refused: ")


@pytest.mark.parametrize(
    "statement",
    [
        "import numpy.linalg as it",
        "import numpy.polynomial as it",
        "import numpy.testing as it",
        "import numpy.f2py as it",
        "import json as it",
        "import sqlite3 as it",
        "import sysconfig; it = sysconfig.get_config_vars()",
        "import zoneinfo as it",
        "import ctypes as it",
        "import unittest.mock as it",
        "import multiprocessing.pool as it",
        "from autograder import datasets as it",
    ],
)
def test_what_is_allowed_works_whole(student, statement):
    assert not student.shapes.got(statement).startswith("refused: ")


def test_the_message_names_the_rule(student):
    assert student.shapes.got("import scipy") == (
        "refused: scipy may not be used in this assignment's code, which may import numpy and the "
        "standard library only"
    )


def test_no_other_interpreters_packages_can_be_read(student):
    found = student.shapes.got(
        "import glob\n"
        "it = []\n"
        "for place in glob.glob('/usr/lib/python3*/*-packages/*') + "
        "glob.glob('/usr/local/lib/python3*/*-packages/*'):\n"
        "    for file in glob.glob(place + '/*.py'):\n"
        "        try:\n"
        "            os.close(os.open(file, os.O_RDONLY)); it.append(file)\n"
        "        except PermissionError:\n"
        "            pass\n"
    )
    assert found == "[]"


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ((), RUNTIME),
        (("notebook",), (*RUNTIME, *NOTEBOOK_RUNTIME)),
        (("notebook", "torch", "lean"), (*RUNTIME, *NOTEBOOK_RUNTIME, "torch")),
    ],
)
def test_a_zygote_has_loaded_no_library_that_is_not_needed(
    options, names, make_job, open_worker, request
):
    if "torch" in options:
        pytest.importorskip("torch")
    zygote = Zygote(launch(*options))
    request.addfinalizer(zygote.close)
    job = make_job(
        {"shapes.py": SOURCE}, allowed=[], runtime=list(names), address_bytes=2**36,
        memory_bytes=4 * 2**30,
    )  # fmt: skip
    shapes = open_worker(zygote, job).shapes
    needed = needed_by(tuple(sorted(names))).names
    further = [name for name in shapes.loaded() if name not in needed]
    for name in further:  # what is left comes from no package: it is Python's, or the submission's
        where = shapes.got(f"it = getattr(sys.modules[{name!r}], '__file__', None)")
        is_ours = name in ("pyseccomp", "_distutils_hack") or name.startswith("__editable__")
        assert "-packages" not in where or is_ours, name
    assert not {"scipy", "sklearn", "pandas", "autograd"} & set(shapes.loaded())


def test_what_a_library_needs_is_found_by_its_metadata():
    pytest.importorskip("sklearn")
    needed = needed_by(("sklearn",))
    assert {"sklearn", "scipy", "numpy", "joblib"} <= needed.names
    assert not {"torch", "matplotlib", "pandas", "mpmath"} & needed.names


def test_a_library_that_is_not_installed_brings_nothing():
    with_it, without = needed_by(("numpy", "no_such_library")), needed_by(("numpy",))
    assert with_it.entries == without.entries
