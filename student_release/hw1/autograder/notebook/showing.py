"""Record the figures that the cells of a notebook show; backend.py and the shell report them."""

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.notebook.figures import Plain, describe, size_of

MAX_FIGURES = 200
MAX_BYTES = 64 * 2**20


class Recorder:
    """The figures of a notebook, oldest first, as plain data.

    Args:
        others: figures to ignore, because they existed before.
    """

    def __init__(self, others: Sequence[object] = ()) -> None:
        self.figures: list[Plain] = []
        self._others = others
        self._bytes_left = MAX_BYTES
        self._cell = 0
        self._seen: list[
            tuple[object, int]
        ] = []  # figures of this cell, with their positions in the list

    def begin(self, cell: int) -> None:
        """Attribute the following figures to this cell; 0 for none."""
        self._cell = cell
        self._seen.clear()

    def take(self, figure: object) -> None:
        """Record a figure as it is now; an earlier record from the same cell is replaced.

        A figure that cannot be read, because it is of a student's class, is left out.
        """
        if any(figure is other for other in self._others):
            return
        try:
            plain = describe(figure, self._cell)
        except Exception:
            return
        for other, index in self._seen:
            if other is figure:
                self.figures[index] = plain
                return
        self._bytes_left -= size_of(plain)
        if len(self.figures) < MAX_FIGURES and self._bytes_left >= 0:
            self._seen.append((figure, len(self.figures)))
            self.figures.append(plain)

    def take_open(self) -> None:
        """Record all figures open in pyplot and close them, as Jupyter does."""
        figures = open_figures()
        for figure in figures:
            self.take(figure)
        if figures:
            _close_all()


_recorders: list[Recorder] = []


def begin(recorder: Recorder) -> None:
    """Send figures that are shown to this recorder."""
    _recorders[:] = [recorder]


def shown(figure: object) -> None:
    """Record a single figure, shown by `figure.show()` or `display(figure)`."""
    for recorder in _recorders:
        recorder.take(figure)


def shown_all() -> None:
    """`plt.show()`."""
    for recorder in _recorders:
        recorder.take_open()


def open_figures() -> list[Any]:
    """Return the figures that are open in pyplot."""
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    managers = helpers.Gcf.get_all_fig_managers() if helpers is not None else []
    return [manager.canvas.figure for manager in managers]


def _close_all() -> None:
    from matplotlib._pylab_helpers import Gcf

    Gcf.destroy_all()


def figures_of(function: Any, *arguments: object) -> list[Plain]:
    """Return the figures that a function call shows or leaves open, as plain data.

    In Jupyter, the backend that shows figures below their cells is restored after the call.
    """
    from autograder.notebook.libraries import prepare_libraries

    before = list(_recorders)
    recorder = Recorder(others=open_figures())
    with _backend_put_back():
        finder = prepare_libraries()
        begin(recorder)
        try:
            function(*arguments)
            recorder.take_open()
        finally:
            _recorders[:] = before
            sys.meta_path.remove(finder)
    return recorder.figures


@contextlib.contextmanager
def _backend_put_back() -> Iterator[None]:
    variable, pyplot = os.environ.get("MPLBACKEND"), sys.modules.get("matplotlib.pyplot")
    matplotlib = sys.modules.get("matplotlib")
    kept = (
        (matplotlib.use, matplotlib.get_backend(), matplotlib.is_interactive())
        if matplotlib is not None and pyplot is not None
        else None
    )
    try:
        yield
    finally:
        if variable is None:
            os.environ.pop("MPLBACKEND", None)
        else:
            os.environ["MPLBACKEND"] = variable
        if matplotlib is not None and pyplot is not None and kept is not None:
            matplotlib.use, backend, interactive = kept  # type: ignore[attr-defined]
            if matplotlib.get_backend() != backend:
                pyplot.switch_backend(backend)
            matplotlib.interactive(interactive)
