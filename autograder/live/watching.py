"""Watch a student's own session in Jupyter: what each cell shows, prints and raises."""

import io
import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.notebook import showing
from autograder.notebook.blame import Blame
from autograder.notebook.document import CodeCell
from autograder.notebook.figures import Plain
from autograder.notebook.output import Output


@dataclass
class Watched:
    """The last run of one cell."""

    number: int
    source: str = ""
    recorder: showing.Recorder = field(default_factory=showing.Recorder)
    output: Output = field(default_factory=Output)
    error: BaseException | None = None
    place: str = ""


class CellHistory:
    """The last run of every cell, in the order in which the cells were run.

    Args:
        shell: the kernel's IPython shell.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.cells: dict[str, Watched] = {}
        self._now = Watched(0)
        self._stream: Any = None
        self._key = ""
        self._known: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)
        # The inline backend displays a figure and closes it. Everything displayed passes through
        # `format`; the backend would remove printers for figures.
        self._format = shell.display_formatter.format
        shell.display_formatter.format = self._displayed

    def _begin(self, info: Any) -> None:
        self._now = Watched(self.shell.execution_count, info.raw_cell or "")
        self._key = info.cell_id or self._now.source  # some editors do not give cells an id
        self.cells.pop(self._key, None)
        self.cells[self._key] = self._now
        self._now.recorder.begin(self._now.number)
        self._now.output.begin(self._now.number)
        self._stream = sys.stdout
        sys.stdout = _Tee(self._stream, self._now.output)

    def _end(self, result: Any) -> None:
        if isinstance(sys.stdout, _Tee):
            sys.stdout = self._stream
        # Other backends leave figures open; each counts for the cell that made it.
        for figure in showing.open_figures():
            if self._known.setdefault(figure, self._key) == self._key:
                self._now.recorder.take(figure)
        self._now.output.end()
        error = result.error_before_exec or result.error_in_exec
        self._now.error = error if isinstance(error, BaseException) else None
        self._now = Watched(0)

    def _displayed(self, value: Any, *arguments: Any, **keywords: Any) -> Any:
        matplotlib = sys.modules.get("matplotlib.figure")
        if matplotlib is not None and isinstance(value, matplotlib.Figure):
            self._known[value] = self._key
            self._now.recorder.take(value)
        shown = self._format(value, *arguments, **keywords)
        text = shown[0].get("text/plain") if shown else None
        if isinstance(text, str):
            self._now.output.write(f"{text}\n")
        return shown


class LiveRun:
    """A session in Jupyter that serves as a run (run.py) of the notebook.

    Args:
        notebook: its file name.
        variables: the session's variables.
        watch: what the cells did; None if the session was not watched.
    """

    def __init__(self, notebook: str, variables: dict[str, Any], watch: CellHistory | None) -> None:
        self.folder = Path.cwd()
        self.variables = variables
        self.blame = _LiveBlame(notebook, variables)
        self._cells = list(watch.cells.values()) if watch is not None else []
        for cell in self._cells:
            self._follow(cell, watch)

    @property
    def figures(self) -> list[Plain]:
        return [figure for cell in self._cells for figure in cell.recorder.figures]

    @property
    def output(self) -> dict[int, str]:
        return {
            number: text for cell in self._cells for number, text in cell.output.by_cell.items()
        }

    @property
    def failures(self) -> list[Any]:
        return self.blame.failures

    def _follow(self, watched: Watched, watch: Any) -> None:
        from autograder.notebook.cell_magics import without_cell_magic
        from autograder.notebook.run import line_of
        from autograder.notebook.shell import parse_cell

        tree = parse_cell(watch.shell, without_cell_magic(watched.source)[0])
        if watched.error is None:
            if tree is not None:
                self.blame.succeeded(tree)
            return
        cell = CodeCell(watched.number, watched.source)
        name = _file_of_cell(watched.error)
        self.blame.failed(cell, watched.error, tree, line_of(watched.error, name))


class _LiveBlame(Blame):
    def _not_there(self, name: str) -> Exception:
        error = super()._not_there(name)
        if isinstance(error, NotImplementedError) or "did you mean" in str(error):
            return error
        return AttributeError(f"`{name}` does not exist yet; run the cell that assigns it")


class _Tee:
    """A stream that also records what is written to it."""

    def __init__(self, stream: Any, output: io.TextIOBase) -> None:
        self._stream, self._output = stream, output

    def write(self, text: str) -> Any:
        self._output.write(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _file_of_cell(error: BaseException) -> str:
    """Return the name that IPython gave to the code of the cell that raised an error."""
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_name == "<module>":
            return code.co_filename
        traceback = traceback.tb_next
    return ""


def namer(shell: Any) -> Callable[[str], str]:
    """Return a function that names the file of a cell as `In [7]`, and any other file as ""."""

    def name(file: str) -> str:
        label = getattr(shell.compile, "format_code_name", lambda file: None)(file)
        return f"In [{label[1].strip('In[] ')}]" if label and label[0] == "Cell" else ""

    return name


_watches: list[CellHistory] = []


def watch() -> None:
    """Record the figures, the output and the errors of the cells that are run from now on."""
    shell = _present_shell()
    if shell is not None and not any(watch.shell is shell for watch in _watches):
        _watches[:] = [CellHistory(shell)]


def present_watch() -> CellHistory | None:
    """Return what this session has recorded, or None if it has not called `watch`."""
    shell = _present_shell()
    return next((history for history in _watches if history.shell is shell), None)


def _present_shell() -> Any:
    """Return the IPython shell that runs the cells of this process, or None."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
