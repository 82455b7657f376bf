"""A matplotlib backend without a window: what is shown goes to showing.py.

Imported by matplotlib itself, when a run has chosen it.
"""

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from autograder.notebook import showing


class FigureManager(FigureManagerBase):
    """Stands for the window of one figure."""

    def show(self) -> None:
        """What `figure.show()` does."""
        showing.shown(self.canvas.figure)

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        """What `plt.show()` does: as in Jupyter, the figures are closed then."""
        showing.shown_all()


class FigureCanvas(FigureCanvasAgg):
    """Never drawn by us."""

    manager_class = FigureManager
