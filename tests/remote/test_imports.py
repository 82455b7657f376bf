"""One broken file of a submission costs what it defines, and nothing else."""

import sys

import pytest

from autograder.remote.code_rules import BannedImport
from autograder.remote.imports import SubmissionFinder, compile_support, install, load_support

BANS = {"banned_imports": ("torch", "autograd")}


@pytest.fixture
def student_files(tmp_path):
    """Write a package `shapes` and import it; everything is undone afterwards."""
    finders = []

    def write(**files):
        package = tmp_path / "shapes"
        package.mkdir()
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (package / f"{name}.py").write_bytes(data)
        finders.append(install(tmp_path, {"shapes": BANS}))
        import shapes

        return shapes

    yield write
    for finder in finders:
        sys.meta_path.remove(finder)
    for name in [name for name in sys.modules if name.split(".")[0] == "shapes"]:
        del sys.modules[name]


INIT = "from .area import square\nfrom .other import circle\n"
AREA = "def square(x):\n    return x * x\n"


def test_whole_packages_are_imported_as_python_does_it(student_files):
    shapes = student_files(__init__='"""Doc."""\n' + INIT, area=AREA, other="circle = 3.14\n")
    assert shapes.square(3) == 9 and shapes.circle == 3.14 and shapes.__doc__ == "Doc."
    assert shapes.area.square is shapes.square


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ("def circle(:", SyntaxError),
        (b"circle = '\xff\xfe'", SyntaxError),
        ("circle = '\0'", SyntaxError),
        (b"# coding: no-such-code\n", SyntaxError),
        ("1 / 0", ZeroDivisionError),
        ("raise SystemExit", SystemExit),
        ("cirlce = 1", ImportError),
        ("import torch", BannedImport),
        ("def circle():\n    from torch.nn import Linear", BannedImport),
        ("try:\n    import autograd.numpy\nexcept ValueError:\n    pass", BannedImport),
    ],
)
def test_a_broken_module_costs_only_its_names(student_files, other, error):
    shapes = student_files(__init__=INIT, area=AREA, other=other)
    assert shapes.square(3) == 9
    with pytest.raises(error):
        _ = shapes.circle
    with pytest.raises(error):
        _ = shapes.circle  # and again, not only the first time


def test_a_missing_module_is_named(student_files):
    shapes = student_files(__init__=INIT, area=AREA)
    with pytest.raises(ModuleNotFoundError, match=r"shapes/other\.py is missing"):
        _ = shapes.circle


def test_a_star_import_that_fails_explains_every_missing_name(student_files):
    shapes = student_files(__init__="from .area import *\nfrom .other import *", area=AREA)
    assert shapes.square(2) == 4
    with pytest.raises(ModuleNotFoundError, match="other"):
        _ = shapes.circle


def test_other_statements_of_an_init_file_fail_as_python_does(student_files):
    with pytest.raises(ZeroDivisionError):
        student_files(__init__="1 / 0")


def test_future_statements_of_an_init_file_hold_for_all_of_it(student_files):
    shapes = student_files(
        __init__="from __future__ import annotations\ndef f(x: NotThere) -> Nor: return x\n"
    )
    assert shapes.f(1) == 1


def test_an_installed_package_of_the_same_name_is_not_taken(tmp_path):
    finder = install(tmp_path, {"colorsys": {}})  # a module of the standard library
    loaded = sys.modules.pop("colorsys", None)
    try:
        with pytest.raises(ModuleNotFoundError, match="folder colorsys/ is missing"):
            __import__("colorsys")
    finally:
        sys.meta_path.remove(finder)
        if loaded is not None:
            sys.modules["colorsys"] = loaded


def test_names_that_only_begin_like_banned_ones_are_fine(student_files):
    shapes = student_files(
        __init__="from . import torch_like\nfrom .torch_like import x\n", torch_like="x = 1"
    )
    assert shapes.x == 1


@pytest.mark.parametrize(
    "code",
    [
        "import torch",
        "if True:import torch",
        "x = 1;from torch.nn import Linear",
        "import numpy,torch",
        "from torch import\\\n  nn",
        "import\\\ntorch",
        "import\ttorch as t",
        "import ｔｏｒｃｈ",
        "import 𝐭orch",
        "# é\nimport autograd",
        "'ﬀ';import torch;'ẍ'",
        "def f():\n\timport torch",
    ],
)
def test_a_banned_import_is_found_however_it_is_written(student_files, code):
    shapes = student_files(__init__="from .area import square\n", area=code + "\n" + AREA)
    with pytest.raises(BannedImport, match=r"shapes/area\.py, line \d imports (torch|autograd)"):
        _ = shapes.square


@pytest.mark.parametrize("code", ["return 1", "x = '\0'", "def f(:", 'x = "a', "nonlocal x"])
def test_code_that_is_not_python_fails_alike_whether_or_not_it_names_what_is_banned(tmp_path, code):
    folder = tmp_path / "shapes"
    folder.mkdir()
    finder = SubmissionFinder(tmp_path, {"shapes": BANS})
    errors = []
    for comment in ("# ears", "# torch"):
        (folder / "area.py").write_text(f"{code}\n{comment}\n")
        with pytest.raises(SyntaxError) as caught:
            finder.compile(folder / "area.py")
        errors.append((caught.value.msg, caught.value.filename, caught.value.lineno))
    assert errors[0] == errors[1]


def test_a_support_module_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ModuleNotFoundError, match="no support module 'models'"):
        load_support(tmp_path, "models")


LACKING = "a_library_that_grading_lacks"


@pytest.mark.parametrize(
    "line",
    [
        f"import {LACKING}",
        f"import {LACKING}.part as lib",
        f"from {LACKING} import one, two",
        f"from {LACKING} import *",
        f"from __future__ import annotations\nimport {LACKING}",
        f'"""Doc."""\nimport {LACKING}',
    ],
)
def test_a_library_that_is_not_installed_costs_a_module_only_its_names(student_files, line):
    shapes = student_files(__init__=INIT, area=f"{line}\n{AREA}", other="circle = 3.14\n")
    assert shapes.square(3) == 9 and shapes.circle == 3.14


def test_what_misses_it_is_traced_to_the_import(student_files):
    area = f"import {LACKING} as lib\n{AREA}def root(x):\n    return lib.root(x)\n"
    shapes = student_files(__init__="from .area import root, square\n", area=area)
    finder = next(one for one in sys.meta_path if isinstance(one, SubmissionFinder))
    with pytest.raises(NameError) as caught:
        shapes.root(4)
    cause = finder.cause_of(caught.value)
    assert isinstance(cause, ModuleNotFoundError) and cause.name == LACKING
    with pytest.raises(ModuleNotFoundError, match=LACKING):
        shapes.area.lib


@pytest.mark.parametrize(
    ("area", "error"),
    [
        ("from .nowhere import x\n", ModuleNotFoundError),  # a module of one's own
        (f"if True:\n    import {LACKING}\n", ModuleNotFoundError),
        (f"__import__({LACKING!r})\n", ModuleNotFoundError),
        (f"import {LACKING}\nclass A({LACKING}.B):\n    pass\n", NameError),
        (f"import {LACKING}\nimport torch\n", BannedImport),
        (f"import {LACKING}\n1 / 0\n", ZeroDivisionError),
    ],
)
def test_other_errors_of_a_module_cost_all_of_it(student_files, area, error):
    shapes = student_files(__init__=INIT, area=area + AREA, other="circle = 3.14\n")
    assert shapes.circle == 3.14
    with pytest.raises(error):
        shapes.square(3)


def test_errors_without_a_failed_import_behind_them_have_no_cause(student_files):
    student_files(__init__="", area=AREA)
    finder = next(one for one in sys.meta_path if isinstance(one, SubmissionFinder))
    for code in ("nowhere", "1 / 0", "raise NameError('x')"):
        with pytest.raises((NameError, ZeroDivisionError)) as caught:
            exec(code, {"__name__": "shapes.area"})
        assert finder.cause_of(caught.value) is None


def test_a_class_that_needs_it_names_the_import_as_the_cause(student_files):
    area = f"import {LACKING} as lib\nclass Area(lib.Shape):\n    pass\n"
    shapes = student_files(__init__="from .area import Area\n", area=area)
    finder = next(one for one in sys.meta_path if isinstance(one, SubmissionFinder))
    with pytest.raises(NameError) as caught:
        shapes.Area
    assert isinstance(finder.cause_of(caught.value), ModuleNotFoundError)


def test_support_modules_are_compiled_ahead_one_folder_at_a_time(tmp_path):
    """A fork loads what was compiled; another submission's copy of the modules is its own."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
        (folder / f"ahead_{folder.name}.py").write_text("place = __file__\n")
    (second / "broken_ahead.py").write_text("def half(:\n")
    compile_support(first)
    (first / "ahead_first.py").unlink()
    (first / "ahead_first.py").write_text("place = 'read again'\n")
    try:
        assert load_support(first, "ahead_first").place == str(first / "ahead_first.py")
        compile_support(second)
        assert load_support(second, "ahead_second").place == str(second / "ahead_second.py")
        with pytest.raises(SyntaxError, match="invalid syntax"):
            load_support(second, "broken_ahead")
    finally:
        for name in ("ahead_first", "ahead_second", "broken_ahead"):
            sys.modules.pop(f"rubric_support_{name}", None)
