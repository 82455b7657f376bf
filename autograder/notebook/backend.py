"""Provide a matplotlib backend without windows: figures shown go to showing.py.

Matplotlib imports it when a run has selected it.
"""

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from autograder.notebook import showing


class FigureManager(FigureManagerBase):
    """Replaces the window of one figure."""

    def show(self) -> None:
        """Handle `figure.show()`."""
        showing.shown(self.canvas.figure)

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        """Handle `plt.show()`; as in Jupyter, the figures are closed afterwards."""
        showing.shown_all()


class FigureCanvas(FigureCanvasAgg):
    """A canvas that is never drawn here."""

    manager_class = FigureManager
