"""Worker: import a student's modules so that one broken file affects only what it defines.

A package's `__init__.py` usually imports every module of the package, so with Python's own import
a syntax error in one of them would make all of them unusable. Here, if an import statement of an
`__init__.py` fails, only the names that it would define are affected: they raise the same error
when they are used. The same applies, in any module, to the import of a library that is not
installed. Everything else works as in Python.
"""

import __future__

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import re
import sys
import tokenize
import types
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

from autograder.remote.code_rules import Inspector, RuleChecker

_WITH_IMPORT = re.compile(r"^.*\bimport\b.*$", re.MULTILINE)
_PLAIN_IMPORT = re.compile(
    r"[ \t]*(?:from \.[\w.]* import [\w, ()]*"
    r"|from (\w+)[\w.]* import [\w, ()]*"
    r"|import (\w+)[\w.]*(?: as \w+)?)[ \t]*",
    re.ASCII,
)


class SubmissionFinder(importlib.abc.MetaPathFinder):
    """A finder of the modules of the student's packages, only below one folder.

    Args:
        folder: the folder that contains the packages.
        packages: name of each package -> what may be used in it, as the fields of `RuleChecker`,
            as `within` the folder that contains it, if that is not the top folder, and as
            `is_module` whether it is a single module.
        own: the names of other modules and packages that were handed in.
    """

    def __init__(
        self, folder: Path, packages: Mapping[str, Mapping[str, Any]], own: Sequence[str] = ()
    ) -> None:
        self.folder, self.packages = folder, dict(packages)
        self._own = frozenset([*packages, *own])
        self._rules = {name: RuleChecker.read(rules) for name, rules in packages.items()}
        self.failed: dict[str, dict[str, BaseException]] = {}
        """For each module, the names that it lacks because an import in it has failed."""

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        top, *rest = fullname.split(".")
        if top not in self.packages:
            return None
        place = self._within(top).joinpath(top, *rest)
        is_module = bool(self.packages[top].get("is_module"))
        is_folder = place.is_dir() and not is_module
        loader: importlib.abc.Loader
        if is_folder:
            loader = _PackageLoader(self, place / "__init__.py", top)
        elif not (is_module and rest) and place.with_suffix(".py").is_file():
            loader = _ModuleLoader(self, place.with_suffix(".py"), top)
        else:
            # Not `return None`: that could find an installed package with the same name.
            where = "/".join(fullname.split("."))
            is_file = rest or is_module
            missing = f"{where}.py is missing" if is_file else f"the folder {where}/ is missing"
            raise ModuleNotFoundError(missing, name=fullname)
        spec = importlib.util.spec_from_loader(
            fullname, loader, origin=str(place), is_package=is_folder
        )
        if spec is not None and is_folder:
            spec.submodule_search_locations = [str(place)]
        return spec

    def parse(self, file: Path, top: str = "") -> ast.Module:
        """Read and parse a module of the student.

        Args:
            file: the module.
            top: the package to which it belongs; by default the first part of its path.

        Raises:
            SyntaxError: the file is not Python, or not text.
            BannedImport: it uses something that the assignment does not allow.
        """
        return self._parse(_read(file), file, top or self._top(file))

    def compile(self, file: Path, top: str = "") -> types.CodeType:
        """Read and compile a module of the student.

        Args:
            file: the module.
            top: as for `parse`.

        Raises:
            SyntaxError: the file is not Python, or not text.
            BannedImport: it uses something that the assignment does not allow.
        """
        source = _read(file)
        top = top or self._top(file)
        rules = self._rules[top]
        if not rules.banned_names and _imports_plainly(source, self._is_allowed_by(rules)):
            # Parsing a tree to look for imports would double the time.
            return cast(types.CodeType, _compile(source, file))
        return compile(self._parse(source, file, top), str(file), "exec", dont_inherit=True)

    def cause_of(self, error: BaseException) -> BaseException | None:
        """Return the error of the failed import that left a name undefined, if any."""
        if type(error) is not NameError or error.__traceback__ is None:
            return None
        traceback = error.__traceback__
        while traceback.tb_next is not None:
            traceback = traceback.tb_next
        failed = self.failed.get(str(traceback.tb_frame.f_globals.get("__name__")), {})
        return failed.get(str(error.name)) or failed.get("*")

    def is_own(self, name: str) -> bool:
        """Return whether a module, given by its full name, was handed in."""
        return name.partition(".")[0] in self._own

    def _parse(self, source: str, file: Path, top: str) -> ast.Module:
        tree: ast.Module = _compile(source, file, ast.PyCF_ONLY_AST)
        place = file.relative_to(self.folder).as_posix()
        Inspector(self._rules[top], top, self._own).inspect(tree, place)
        return tree

    def _is_allowed_by(self, rules: RuleChecker) -> Callable[[str], bool]:
        return lambda top: rules.allows_import(top, self._own)

    def _within(self, top: str) -> Path:
        return self.folder / str(self.packages[top].get("within", ""))

    def _top(self, file: Path) -> str:
        return file.relative_to(self.folder).parts[0].removesuffix(".py")


def _read(file: Path) -> str:
    try:
        with tokenize.open(file) as stream:  # respects an encoding declaration, as Python does
            return stream.read()
    except (SyntaxError, UnicodeDecodeError):
        raise SyntaxError("the file is not UTF-8 text", (str(file), 1, 0, "")) from None


def _compile(source: str, file: Path, flags: int = 0) -> Any:
    try:
        return compile(source, str(file), "exec", flags, dont_inherit=True)
    except ValueError:
        raise SyntaxError("the file holds null bytes", (str(file), 1, 0, "")) from None


def _imports_plainly(source: str, may_import: Callable[[str], bool]) -> bool:
    """Return whether every line with the word "import" is a plain and allowed import statement."""
    for line in _WITH_IMPORT.finditer(source):
        plain = _PLAIN_IMPORT.fullmatch(line[0])
        if plain is None:
            return False
        top = plain[1] or plain[2]  # both are None if the import is relative
        if top and not may_import(top):
            return False
    return True


class _ModuleLoader(importlib.abc.Loader):
    def __init__(self, finder: SubmissionFinder, file: Path, top: str) -> None:
        self.finder, self.file, self.top = finder, file, top

    def exec_module(self, module: types.ModuleType) -> None:
        module.__file__ = str(self.file)
        before = dict(module.__dict__)
        try:
            exec(self.finder.compile(self.file, self.top), module.__dict__)
        except ModuleNotFoundError as error:
            if not self._is_of_library(error):
                raise
            module.__dict__.clear()
            module.__dict__.update(before)
            self._run_one_by_one(module, self._is_of_library)

    def _is_of_library(self, error: BaseException) -> bool:
        """Return whether the error says that a library, which may be unneeded, is not installed."""
        if not isinstance(error, ModuleNotFoundError) or not isinstance(error.name, str):
            return False
        return not self.finder.is_own(error.name)

    def _run_one_by_one(
        self, module: types.ModuleType, outlives: Callable[[BaseException], bool]
    ) -> None:
        """Run the statements of a module; imports that fail affect only the names they define.

        Args:
            module: the module.
            outlives: returns whether an import may fail with this error.
        """
        tree = self.finder.parse(self.file, self.top)
        module.__doc__ = ast.get_docstring(tree)
        failed = self.finder.failed[module.__name__] = {}
        flags = 0
        for statement in tree.body:
            flags |= _future_flags(statement)
            single = ast.Module([statement], type_ignores=[])
            code = compile(single, str(self.file), "exec", flags, dont_inherit=True)
            try:
                exec(code, module.__dict__)
            except (Exception, SystemExit) as error:
                if not isinstance(statement, ast.Import | ast.ImportFrom) or not outlives(error):
                    raise
                failed.update(dict.fromkeys(_names_bound_by(statement), error))
        if failed:
            _raise_on_use(module, failed)


class _PackageLoader(_ModuleLoader):
    """Runs an `__init__.py` statement by statement; continues after failed import statements."""

    def exec_module(self, module: types.ModuleType) -> None:
        module.__file__ = str(self.file)
        if self.file.is_file():
            self._run_one_by_one(module, lambda error: True)


def _future_flags(statement: ast.stmt) -> int:
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    features = [getattr(__future__, alias.name, None) for alias in statement.names]
    return sum(feature.compiler_flag for feature in features if feature is not None)


def _names_bound_by(statement: ast.Import | ast.ImportFrom) -> list[str]:
    return [alias.asname or alias.name.split(".")[0] for alias in statement.names]


def _raise_on_use(module: types.ModuleType, failed: Mapping[str, BaseException]) -> None:
    """Let the names that failed imports should have defined raise the errors of those imports."""

    def raise_import_error(name: str) -> object:
        error = failed.get(name) or (failed.get("*") if not name.startswith("__") else None)
        if error is not None:
            raise error
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

    module.__dict__.setdefault("__getattr__", raise_import_error)


def install(
    folder: Path, packages: Mapping[str, Mapping[str, Any]], own: Sequence[str] = ()
) -> SubmissionFinder:
    """Make the student's packages importable, before any other module of the same name."""
    finder = SubmissionFinder(folder, packages, own)
    sys.meta_path.insert(0, finder)
    return finder


def support_modules(folder: Path) -> types.ModuleType:
    """Return a module with the rubric's support modules, each loaded when it is first used.

    Args:
        folder: the folder that contains them.
    """
    module = types.ModuleType("support")
    module.__dict__["__getattr__"] = partial(load_support, folder)
    return module


def load_support(folder: Path, name: str) -> types.ModuleType:
    """Load `<folder>/<name>.py`, a module of the rubric that runs in the student's process.

    Raises:
        ModuleNotFoundError: the file does not exist.
    """
    file = folder / f"{name}.py"
    if not file.is_file():
        raise ModuleNotFoundError(f"the rubric has no support module {name!r}", name=name)
    full_name = f"rubric_support_{name}"
    if full_name not in sys.modules:
        spec = importlib.util.spec_from_file_location(full_name, file)
        assert spec is not None and spec.loader is not None  # a .py file always has a loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[full_name] = module
        compiled = _compiled_support.get(str(file))
        if compiled is None:
            spec.loader.exec_module(module)
        else:
            exec(compiled, module.__dict__)
    return sys.modules[full_name]


def compile_support(folder: Path) -> None:
    """Compile the rubric's support modules, once for all forks of this process.

    Only the modules of the last folder are kept. A module that is not Python is left to
    `load_support`, which raises its error where it is used.
    """
    files = [str(file) for file in folder.glob("*.py")]
    if _compiled_support.keys() >= set(files):
        return
    _compiled_support.clear()
    for file in files:
        with suppress(OSError, SyntaxError, ValueError):
            source = Path(file).read_bytes()
            _compiled_support[file] = compile(source, file, "exec", dont_inherit=True)


_compiled_support: dict[str, types.CodeType] = {}
