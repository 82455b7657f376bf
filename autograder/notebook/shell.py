"""Adapt IPython's shell: no server, no history file, no thread, no other program.

Only a run imports this module, because it imports IPython.
"""

import ast
import contextlib
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from IPython.core.compilerop import CachingCompiler
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.notebook.class_sources import find_classes_in
from autograder.notebook.telling import say_once

_INSTALLERS = ("pip", "conda", "mamba", "micromamba", "uv")
_PROGRAMS = "bash sh script system sx cmd perl ruby pypy python python2 python3".split()
# Magics that run code of the cell: errors in them are the cell's.
_RUN_CODE = frozenset("time timeit prun run debug pdb capture memit mprun lprun".split())
# Magics that the run replaces, or that have no meaning in it.
_IDLE = ("bookmark", "dhist", "dirs")


class Follower(Protocol):
    """Follows a cell statement by statement."""

    def begins(self, statement: ast.stmt) -> bool:
        """Return whether to run a statement, given what has happened in its cell."""

    def ran(self, statement: ast.stmt) -> None:
        """Record a statement that has run."""

    def failed_at(self, statement: ast.stmt, error: BaseException) -> None:
        """Record a statement that has raised an error."""


class _CellCompiler(CachingCompiler):  # type: ignore[misc]
    """Names code by its cell, for tracebacks."""

    place = "notebook"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return self.place


class CellShell(InteractiveShell):  # type: ignore[misc]
    """A shell for the cells of one notebook.

    Attributes:
        follower: notified of each statement; decides which statements run.
    """

    follower: "Follower | None" = None
    _depth = 0  # of cells that student code runs by `get_ipython().run_cell(...)`
    _folder_before = "."

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._folders: list[str] = []

    async def run_ast_nodes(
        self,
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Any = compile,
        result: Any = None,
    ) -> bool:
        """Run the statements of a cell one by one; return whether one of them failed."""
        follower = self.follower if self._depth == 0 and result is not None else None
        self._depth += 1
        try:
            if follower is None:
                run = super().run_ast_nodes
                return bool(await run(nodelist, cell_name, interactivity, compiler, result))
            return await self._follow(
                follower, nodelist, cell_name, interactivity, compiler, result
            )
        finally:
            self._depth -= 1

    async def _follow(
        self,
        follower: "Follower",
        nodes: list[ast.stmt],
        cell_name: str,
        interactivity: str,
        compiler: Any,
        result: Any,
    ) -> bool:
        first: BaseException | None = None
        for node in nodes:
            if not follower.begins(node):
                continue
            is_shown = node is nodes[-1] or interactivity == "all"
            mode = interactivity if is_shown else "none"
            if not await super().run_ast_nodes([node], cell_name, mode, compiler, result):
                follower.ran(node)
                continue
            error = result.error_before_exec or result.error_in_exec
            first = first or error
            follower.failed_at(node, error)
            result.error_before_exec = result.error_in_exec = None
        result.error_in_exec = first
        return first is not None

    def init_ipython_dir(self, ipython_dir: object) -> None:
        """Do nothing: the home folder is not written to."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """Do nothing, for the same reason."""

    def init_virtualenv(self) -> None:
        """Do nothing: the import path stays unchanged."""

    def init_prompts(self) -> None:
        """Do nothing: `sys.ps1` would make this process look interactive."""

    def init_sys_modules(self) -> None:
        """Do nothing: the run sets and restores `__main__`."""

    def init_display_formatter(self) -> None:
        super().init_display_formatter()
        # Results are kept as text; rendering figures would take seconds for nothing.
        self.display_formatter.active_types = ["text/plain"]

    def init_displayhook(self) -> None:
        super().init_displayhook()
        self.displayhook.write_output_prompt = lambda: None

    def init_magics(self) -> None:
        super().init_magics()
        for name in (*_INSTALLERS, *_PROGRAMS):
            self.register_magic_function(self._refuser(f"%{name}"), "line", name)
            self.register_magic_function(self._refuser(f"%%{name}"), "cell", name)
        for name in _IDLE:
            self.register_magic_function(lambda line: None, "line", name)
        for name in ("cd", "pushd", "popd"):
            self.register_magic_function(getattr(self, f"_{name}"), "line", name)

    def enable_gui(self, gui: object = None) -> None:
        """Do nothing: no window is ever shown."""

    def enable_matplotlib(self, gui: object = None) -> tuple[str, str]:
        """Ignore `%matplotlib inline` and the like: figures are captured in any case."""
        return "agg", "agg"

    def enable_pylab(
        self, gui: object = None, import_all: bool = True, welcome_message: bool = False
    ) -> tuple[str, str, set[str]]:
        from IPython.core.pylabtools import import_pylab

        import_pylab(self.user_ns, import_all)
        return "agg", "agg", set()

    def showtraceback(self, *arguments: object, **keywords: object) -> None:
        """Do nothing: the run keeps errors, and formatting them would call students' classes."""

    showsyntaxerror = showindentationerror = showtraceback

    def _tee(self, channel: str) -> contextlib.AbstractContextManager[None]:
        """Do not record output again, as newer releases do without a limit; output.py has one."""
        return contextlib.nullcontext()

    def ask_exit(self) -> None:
        """Handle `exit` and `quit`: end the cell as sys.exit does."""
        raise SystemExit

    def system(self, cmd: str) -> None:
        """Refuse `!command`."""
        _refuse(f"!{cmd}")

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
        """Refuse `lines = !command`."""
        from IPython.utils.text import SList

        _refuse(f"!{cmd}")
        return SList() if split else ""

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic; skip one that is unknown on this machine or fails."""
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception as error:
            if magic_name in _RUN_CODE and not isinstance(error, UsageError):
                raise
            self._pass_over(f"%{magic_name}", error, self.find_line_magic(magic_name))

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Do the same for a cell's magic, including the cell."""
        try:
            return super().run_cell_magic(magic_name, line, cell)
        except UsageError as error:
            self._pass_over(f"%%{magic_name}", error, self.find_cell_magic(magic_name))

    def _pass_over(self, magic: str, error: Exception, known: object) -> None:
        words = "is not known" if known is None else "does not work"
        say_once(f"{magic} {words} when notebooks are graded: {error}")

    def _cd(self, line: str) -> None:
        """Handle `%cd`: a missing folder is not an error."""
        words = [word for word in line.split() if word not in ("-q", "-b")]
        target = " ".join(words).strip("\"'")
        before = os.getcwd()
        try:
            os.chdir(self._folder_before if target == "-" else os.path.expanduser(target or "~"))
        except OSError:
            say_once(f"%cd {target}: this folder does not exist when notebooks are graded")
        else:
            self._folder_before = before

    def _pushd(self, line: str) -> None:
        """`%pushd`."""
        self._folders.append(os.getcwd())
        self._cd(line)

    def _popd(self, line: str) -> None:
        """`%popd`."""
        if self._folders:
            self._cd(self._folders.pop())

    def _refuser(self, what: str) -> Callable[..., None]:
        def refuse(line: str, cell: str | None = None) -> None:
            _refuse(f"{what} {line}")

        return refuse


def _refuse(command: str) -> None:
    shown = " ".join(command.split())[:100]
    print(f"[not run: `{shown}`; programs are not started when notebooks are graded]")


def make_shell(module: types.ModuleType, transformers: list[ast.NodeTransformer]) -> CellShell:
    """Create the shell that `get_ipython()` returns from now on.

    Args:
        module: the module whose variables are the notebook's.
        transformers: for the code of each cell.
    """
    forget_shell()
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.ast_transformers = list(transformers)
    shell: CellShell = CellShell.instance(config=config, user_module=module)
    shell.compile = _CellCompiler()
    return shell


def forget_shell() -> None:
    """Remove the shell, as in a process that has never run a notebook."""
    if not InteractiveShell.initialized():
        return
    if not isinstance(InteractiveShell.instance(), CellShell):
        raise RuntimeError("a notebook cannot be run within another; run pytest in a terminal")
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.uninstall_repl_displayhook()  # which it has put into the shell
    CellShell.clear_instance()


def run_source(shell: CellShell, source: str, place: Path, number: int) -> BaseException | None:
    """Run one cell; return the error that it raised, or None.

    Args:
        shell: the shell that runs it.
        source: the code, magics included.
        place: the name of the code in tracebacks.
        number: IPython's number of the cell, as in `Out[number]`.
    """
    shell.compile.place = str(place)
    find_classes_in(str(place))
    shell.execution_count = number
    result = shell.run_cell(source)
    error = result.error_before_exec or result.error_in_exec
    return error if isinstance(error, BaseException) else None


def parse_cell(shell: CellShell, source: str) -> ast.Module | None:
    """Parse the code of a cell, with magics as calls; return None if it is not Python."""
    try:
        return ast.parse(str(shell.transform_cell(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
