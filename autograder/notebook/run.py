"""Run a notebook from a clean start: its cells in order, in this process, with time limits."""

import ast
import contextlib
import sys
import time
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.notebook import showing
from autograder.notebook.blame import Blame, Failure
from autograder.notebook.cell_magics import captured, without_cell_magic
from autograder.notebook.cells import FastParameters, WithoutGenerated, is_generated
from autograder.notebook.document import CodeCell, Document, place_of, read_document
from autograder.notebook.figures import Plain
from autograder.notebook.output import Output
from autograder.notebook.surroundings import CellTimeout, surroundings, time_limit

if TYPE_CHECKING:
    from autograder.notebook.shell import CellShell

# Takes the tree of a cell and its number; raises an error if the code is forbidden.
Inspect = Callable[[ast.Module, int], None]


@dataclass(frozen=True)
class Rules:
    """The rules for running one notebook; plain values only.

    Attributes:
        path: the notebook's file, relative to the submitted files.
        fast: names whose top-level assignments get other values.
        allowed_imports: top-level names that its own code may import in addition to the standard
            library; None without such a list.
        banned_imports: top-level names that its own code may not import.
        banned_names: dotted patterns of names in libraries that its own code may not use.
        timeout_s: for the whole run.
        cell_timeout_s: for each cell.
        referred_files: submitted files that its code refers to; they are copied to where it runs.
    """

    path: str
    fast: Mapping[str, object] = field(default_factory=dict)
    banned_imports: Sequence[str] = ()
    timeout_s: float = 60.0
    cell_timeout_s: float = 30.0
    allowed_imports: Sequence[str] | None = None
    banned_names: Sequence[str] = ()
    referred_files: Sequence[str] = ()


class Silent:
    """Replaces `grader` and `live` in a run: every method does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *arguments, **keywords: None


class NotebookRun:
    """One notebook, run.

    Attributes:
        document: the cells.
        folder: the folder where it ran, with its files.
        blame: returns variables, and the causes of missing ones.
        figures: the figures shown, oldest first, as plain data (figures.py).
        output: the printed text, by cell.
    """

    def __init__(self, document: Document, folder: Path) -> None:
        self.document, self.folder = document, folder
        self.module = types.ModuleType("__main__")
        self.blame = Blame(document.name, self.module.__dict__)
        self._recorder, self._output = showing.Recorder(), Output()

    @property
    def variables(self) -> dict[str, Any]:
        return self.module.__dict__

    @property
    def figures(self) -> list[Plain]:
        return self._recorder.figures

    @property
    def output(self) -> dict[int, str]:
        return self._output.by_cell

    @property
    def failures(self) -> list[Failure]:
        return self.blame.failures


def run_notebook(file: Path, rules: Rules, folder: Path, inspect: Inspect) -> NotebookRun:
    """Run a notebook.

    Args:
        file: the notebook.
        rules: the rules for running it.
        folder: the current folder of its code.
        inspect: called with each cell before it runs.

    Raises:
        NotebookUnreadable: the file is not a notebook.
    """
    document = read_document(file)
    run = NotebookRun(document, folder)
    with surroundings(run.module, run._output, folder):
        _Runner(run, file, rules, inspect).run_all()
    return run


class _Runner:
    def __init__(self, run: NotebookRun, file: Path, rules: Rules, inspect: Inspect) -> None:
        from autograder.notebook.shell import make_shell

        self.run, self.file, self.rules, self.inspect = run, file, rules, inspect
        self.until = time.monotonic() + rules.timeout_s
        self.stopped = ""  # why no further cell runs
        self.refused: dict[tuple[int, int], Exception] = {}  # refused imports of the current cell
        asking = run.blame.asking
        names = {"grader": Silent(), "live": Silent(), "otter": Silent(), "input": asking}
        run.module.__dict__.update(names, sys=sys)  # as the set-up cell imports it
        self.shell = make_shell(run.module, [WithoutGenerated(), FastParameters(rules.fast)])
        self.shell.follower = self
        showing.begin(run._recorder)
        _show_displayed_figures(self.shell)

    def run_all(self) -> None:
        for cell in self.run.document.cells:
            if not cell.source.strip() or is_generated(cell.source):
                continue
            self.run._recorder.begin(cell.number)
            self.run._output.begin(cell.number)
            self._run_cell(cell)
            self._end_cell()
        self.run._recorder.begin(0)
        self.run._output.end()

    def _run_cell(self, cell: CodeCell) -> None:
        source, capture = without_cell_magic(cell.source)
        tree = self._parse(source)
        if self.stopped:
            self.run.blame.failed(cell, CellTimeout(self._not_run(cell)), tree, 0)
            return
        place = self.file.parent / place_of(self.file.name, cell.number)
        self.cell = cell
        self.run.blame.begin(cell)
        error = self._run_source(source, capture, place, tree, cell.number)
        if self.run.blame.end() and error is not None:  # not from a followed statement
            self.run.blame.failed(cell, self._told(error), tree, line_of(error, str(place)))

    def begins(self, statement: ast.stmt) -> bool:
        """Return whether to run a statement of the cell."""
        refusal = self.refused.get(_position(statement))
        if refusal is not None:
            self.run.blame.failed_at(statement, refusal)
        return refusal is None and self.run.blame.begins(statement)

    def ran(self, statement: ast.stmt) -> None:
        """Record a statement that has run."""
        self.run.blame.ran(statement)

    def failed_at(self, statement: ast.stmt, error: BaseException) -> None:
        """Record a statement that has raised an error."""
        self.run.blame.failed_at(statement, self._told(error))

    def _told(self, error: BaseException) -> BaseException:
        """Return an error of the current cell, reworded where needed."""
        if isinstance(error, CellTimeout):
            return self._timed_out(self.cell, error)
        if isinstance(error, KeyboardInterrupt):
            self.stopped = f"was interrupted in cell {self.cell.number}"
        return error

    def _inspect(self, tree: ast.Module, number: int) -> None:
        """Inspect a cell; a refused import only makes its own names unavailable."""
        self.refused = {}
        for statement in tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                try:
                    self.inspect(ast.Module([statement], []), number)
                except Exception as error:
                    self.refused[_position(statement)] = error
        rest = [one for one in tree.body if _position(one) not in self.refused]
        self.inspect(ast.Module(rest, []), number)

    def _run_source(
        self, source: str, capture: str, place: Path, tree: ast.Module | None, number: int
    ) -> BaseException | None:
        from autograder.notebook.shell import run_source

        seconds = min(self.rules.cell_timeout_s, self.until - time.monotonic())
        try:
            if tree is not None:
                self._inspect(tree, number)
            with time_limit(seconds), captured(capture, self.run.module.__dict__):
                return run_source(self.shell, source, place, number)
        except (
            Exception,
            CellTimeout,
        ) as error:  # the time limit was reached between two statements
            return error

    def _parse(self, source: str) -> ast.Module | None:
        from autograder.notebook.shell import parse_cell

        tree = parse_cell(self.shell, source)
        return WithoutGenerated().visit_Module(tree) if tree is not None else None

    def _end_cell(self) -> None:
        with contextlib.suppress(Exception, CellTimeout), time_limit(5.0):
            self.run._recorder.take_open()

    def _timed_out(self, cell: CodeCell, error: CellTimeout) -> CellTimeout:
        name = self.run.document.name
        words = f"cell {cell.number} of {name} was still running after "
        if time.monotonic() >= self.until:
            self.stopped = f"had used up its {self.rules.timeout_s:g} s in cell {cell.number}"
            words = f"{name} was still running, in cell {cell.number}, after "
        limit = self.rules.timeout_s if self.stopped else self.rules.cell_timeout_s
        return CellTimeout(f"{words}{limit:g} s").with_traceback(error.__traceback__)

    def _not_run(self, cell: CodeCell) -> str:
        return f"cell {cell.number} was not run, because {self.run.document.name} {self.stopped}"


def _show_displayed_figures(shell: "CellShell") -> None:
    """Record figures shown by `display(figure)` or as a cell's result, as with `plt.show()`."""

    def show(figure: Any, printer: Any, cycle: bool) -> None:
        showing.shown(figure)
        printer.text("<Figure>")

    shell.display_formatter.formatters["text/plain"].for_type_by_name(
        "matplotlib.figure", "Figure", show
    )


def line_of(error: BaseException, place: str) -> int:
    """Return the line of a cell at which an error happened; 0 if nothing of the cell has run."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == place:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return 0


def _position(statement: ast.stmt) -> tuple[int, int]:
    return statement.lineno, statement.col_offset


def warm_up(modules: Sequence[str] = ("sklearn.metrics",)) -> None:
    """Import what a run needs and run a cell with a figure, so that forks need not do it.

    It leaves no thread running if the libraries are configured to use one thread.

    Args:
        modules: further modules to import if they are installed.
    """
    import importlib
    import sys
    import tempfile

    from autograder.notebook.shell import forget_shell

    wanted = [*modules, *(["torch.utils.data"] if "torch" in sys.modules else [])]
    wanted.append("matplotlib_inline.backend_inline")
    for name in wanted:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    source = "import matplotlib.pyplot as plt\nplt.plot([0, 1], label='a')\nplt.legend()\n'shown'"
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        run = NotebookRun(Document("warm-up.ipynb", (CodeCell(1, source),)), Path(folder))
        with surroundings(run.module, run._output, run.folder):
            runner = _Runner(run, Path(folder, "warm-up.ipynb"), Rules(""), lambda tree, cell: None)
            runner.run_all()
    forget_shell()
    tempfile.tempdir = before  # forks may have another one
