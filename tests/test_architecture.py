"""The packages are as docs/architecture.md says."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.release.tool_file import SHIPPED_PACKAGES

REPOSITORY = Path(__file__).parent.parent
PACKAGE = REPOSITORY / "autograder"

# package -> the packages it may import
ALLOWED = {
    "assignment": set(),
    "planted": {"assignment"},
    "release": {"assignment", "notebook", "planted"},
    "submission": {"handing_in"},
    "platforms": set(),
    "intake": {"submission", "platforms"},
    "datasets": {"notebook"},
    "claims": set(),
    "readers": set(),
    "notebook": set(),
    "remote": {"notebook", "claims"},
    "rubric": {"handing_in", "remote", "notebook", "datasets", "readers"},
    "live": {"rubric", "remote", "notebook"},
    "sandbox": {"remote", "notebook", "datasets"},
    "handing_in": {"notebook"},
    "results": {"submission", "handing_in"},
    "report": {"submission", "results", "remote", "sandbox"},
    "gradebook": {"assignment", "submission", "results", "platforms"},
    "starter": {"assignment", "release", "notebook"},
    "similarity": {"assignment", "submission", "handing_in", "report"},
    "grading": {
        "assignment", "planted", "release", "handing_in", "submission", "datasets", "notebook",
        "remote", "rubric", "sandbox", "results",
    },
    "gradescope": {"assignment", "datasets", "submission", "sandbox", "results", "grading"},
    "container": {"assignment", "datasets", "submission", "sandbox", "results", "grading"},
    "audit": {
        "assignment", "planted", "release", "submission", "sandbox", "results", "report", "grading",
    },
    "batch": {
        "assignment", "submission", "platforms", "intake", "sandbox", "results", "grading",
        "container",
    },
    "cli": {
        "assignment", "release", "submission", "intake", "sandbox", "grading", "batch", "results",
        "gradebook", "report", "similarity", "audit", "gradescope", "container", "platforms",
        "starter",
    },
}  # fmt: skip

# The modules at the top that every package may import; they import no package.
FOR_ALL = {"atomic", "bounded_file", "errors", "text"}

# module above the packages -> what it may import
ABOVE = {
    "__init__.py": {"api"},
    "__main__.py": {"cli"},
    "api.py": {"own_process", "assignment", "release", "submission", "grading", "results", "batch",
               "audit"},
    **{f"{name}.py": set() for name in FOR_ALL},
    "own_process.py": set(),
}  # fmt: skip

# The modules of SHIPPED_PACKAGES that only a running notebook imports.
IMPORTED_LATE = {"notebook/shell.py", "notebook/backend.py"}


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def imported_packages(file):
    for node in ast.walk(ast.parse(file.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports name the whole path here"
            names = [node.module]
        for name in names:
            parts = name.split(".")
            if parts[0] == "autograder" and len(parts) > 1:
                yield parts[1]


def test_every_package_is_on_the_map():
    packages = {path.name for path in PACKAGE.iterdir() if path.is_dir()} - {"__pycache__"}
    assert packages == set(ALLOWED)


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_go_one_way(file):
    package = file.relative_to(PACKAGE).parts[0]
    allowed = (ALLOWED | ABOVE)[package] | {package} | FOR_ALL
    assert set(imported_packages(file)) <= allowed


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_the_docstring_of_a_package_names_its_modules(package):
    folder = PACKAGE / package
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
    modules_here = {path.name for path in folder.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert {name for name in modules_here if name not in docstring} == set()
    named = set(re.findall(r"^[ ]+(\w+\.py)\b", docstring, re.MULTILINE))
    assert named - modules_here == set()


def test_what_ships_to_students_needs_numpy_and_pytest_only():
    standard = set(sys.stdlib_module_names)
    allowed = standard | {"numpy", "pytest", "_pytest", "autograder"}
    assert {file.relative_to(PACKAGE).parts[0] for file in modules()} >= set(SHIPPED_PACKAGES)
    for file in modules():
        path = file.relative_to(PACKAGE)
        if path.parts[0] not in SHIPPED_PACKAGES or path.as_posix() in IMPORTED_LATE:
            continue
        for statement in ast.parse(file.read_text()).body:
            names = []
            if isinstance(statement, ast.Import):
                names = [alias.name for alias in statement.names]
            elif isinstance(statement, ast.ImportFrom):
                names = [statement.module]
            assert {name.split(".")[0] for name in names} <= allowed, file


@pytest.mark.parametrize("package", SHIPPED_PACKAGES)
def test_importing_what_ships_imports_no_large_library(package):
    large = "{'IPython', 'matplotlib', 'medmnist', 'otter', 'torch', 'torchvision', 'sklearn'}"
    code = f"import sys, autograder.{package}; print(*sorted({large} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("package", ["report", "gradebook", "similarity"])
def test_what_reads_results_imports_no_large_library_until_it_is_used(package):
    large = "{'copydetect', 'jinja2', 'matplotlib', 'nbconvert', 'numpy'}"
    code = f"import sys, autograder.{package}; print(*sorted({large} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_tool_knows_no_assignment_by_name():
    names = {folder.name for folder in (REPOSITORY / "assignment").iterdir()}
    names |= {file.parent.name for file in REPOSITORY.glob("solutions/*/*/__init__.py")}
    assert len(names) >= 2
    for file in modules():
        text = file.read_text()
        assert not [name for name in names if name in text], file


def loaded_by(*arguments):
    """The modules that a command has imported when it ends."""
    code = (
        "import sys\n"
        "from autograder.cli import main\n"
        f"sys.argv = ['autograder', *{arguments!r}]\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    return {name.split(".")[0] for name in done.stderr.split()}


def test_importing_the_tool_is_light():
    code = "import sys, autograder; print(*(one for one in sys.modules if 'autograder.' in one))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("list",)])
def test_start_up_is_light(arguments):
    heavy = {"numpy", "torch", "otter", "pytest", "rich", "sklearn", "pandas"}
    assert not heavy & loaded_by(*arguments)


# They call `use_one_thread`, which comes too late once numpy is there: every judge would then have
# a pool of threads that wait for each other on the one core it is kept on.
STARTS = [
    *(f"autograder.cli.{file.stem}" for file in sorted((PACKAGE / "cli").glob("[a-z]*.py"))),
    "autograder.batch.grade_class",
    "autograder.batch.grade_paths",
    "autograder.batch.grading_server",
    "autograder.grading.session",
    "autograder.container.inside",
    "autograder.gradescope.run",
]


@pytest.mark.parametrize("module", STARTS)
def test_what_starts_a_grading_leaves_numpy_for_later(module):
    code = f"import sys, {module}\nprint(sorted({{'numpy', 'torch'}} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout == "[]\n"


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def private_names():
    """The private names that the tool defines, on modules and on objects."""
    names = set()
    for file in modules():
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names.add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return set(filter(is_private, names))


def private_names_used_in(source, private):
    """Line and name of each use: imported, as an attribute, or given to `setattr` and its like."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder"):
            names = [alias.name for alias in node.names if is_private(alias.name)]
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls"):
            names = [node.attr]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("attr"):
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            names = [text.split(".")[-1] for text in texts if isinstance(text, str)]
        yield from ((node.lineno, name) for name in names if name in private)


# A submission may use any name, so the hostile ones do.
HOSTILE = REPOSITORY / "tests" / "hostile"


def test_tests_use_public_names():
    private = private_names()
    assert len(private) > 100
    used = [
        f"{file.relative_to(REPOSITORY)}:{line}: {name}"
        for file in sorted((REPOSITORY / "tests").rglob("*.py"))
        if HOSTILE not in file.parents
        for line, name in private_names_used_in(file.read_text(), private)
    ]
    assert used == []


@pytest.mark.parametrize(
    "source",
    [
        "from autograder.cli import _show",
        "cli._show()",
        "it = make().it._show",
        "monkeypatch.setattr(cli, '_show', 1)",
        "monkeypatch.setattr('autograder.cli._show', 1)",
        "getattr(cli, '_show')",
    ],
)
def test_each_way_to_use_a_private_name_is_found(source):
    assert list(private_names_used_in(source, {"_show"})) == [(1, "_show")]


def test_what_a_test_defines_itself_is_not_private_to_the_tool():
    source = "class A:\n    def f(self):\n        return self._show\nos._exit(1)\nA.show()"
    assert list(private_names_used_in(source, {"_show"})) == []


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_each_function_fits_on_a_screen(file):
    """No function has more than 50 lines from `def` to its end, with its docstring."""
    functions = [
        node
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = {node.name: node.end_lineno - node.lineno + 1 for node in functions}
    assert {name: length for name, length in lengths.items() if length > 50} == {}
