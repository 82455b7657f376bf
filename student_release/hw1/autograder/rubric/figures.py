"""Find what is missing in a student's figures, received as plain data (autograder/notebook).

    accuracy = student.figures("analysis").about("accuracy", having="lines")
    accuracy.labelled(x="epoch", y="accuracy")
    train, validation = accuracy.lines("train", "validation")

Words and their common short forms are looked up where a reader would see them: in titles, axis
labels and legends. The data comes from a process in which student code ran, so anything that is not
a well-formed figure is ignored, and only numbers and texts remain.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from autograder.rubric.axes import Axes, Line
from autograder.rubric.check import CheckFailed
from autograder.rubric.failures import CellFailure
from autograder.rubric.plain_figures import read_figures
from autograder.rubric.words import count_words, join_words, says

__all__ = ["Axes", "Figures", "Line"]

# Names that show that a cell was meant to draw something.
_DRAWING = ("plt", "plot", "ax", "axes", "fig", "figure", "chart", "show", "draw")


class Figures(list[dict[str, Any]]):
    """The figures of a notebook, or of a call, oldest first, as plain data.

    Args:
        shown: the data as received from the student's process.
        source: the name of the notebook or function.
        failures: returns the failures of the notebook's cells.
    """

    def __init__(
        self, shown: object, source: str, failures: Callable[[], list[CellFailure]] = list
    ) -> None:
        super().__init__(read_figures(shown))
        self.source, self._failures = source, failures

    def axes(self) -> list[Axes]:
        """Return all axes, oldest first."""
        return [Axes(axes, figure) for figure in self for axes in figure["axes"]]

    def about(self, *words: str, having: str = "", what: str = "") -> Axes:
        """Find the axes that show all these words; of several, the most prominent and newest.

        Args:
            words: to be found in titles, axis labels and legends.
            having: what must be drawn in them: "lines", "bars", "images" or "points".
            what: what messages call it; by default "the accuracy figure" for the word accuracy.

        Raises:
            CheckFailed: no axes match.
            StudentError: no axes match because a cell that draws them raised an error.
        """
        what = what or f"the {' '.join(words)} figure"
        places = [(_place(axes, words), axes) for axes in self.axes()]
        fitting = [(place, axes) for place, axes in places if place is not None]
        kept = [pair for pair in fitting if not having or pair[1].data[having]]
        if kept:
            best = min(place for place, _ in kept)
            found = [axes for place, axes in kept if place == best][-1]
            return Axes(found.data, found.figure, what)
        if fitting:
            raise CheckFailed(what, f"has no {having}")
        problem = f"is missing: {self._count()}"
        if self:
            problem += f" {join_words(words)} in the title, the axis labels or the legend"
        self.missing(what, words, problem)

    def heat_map(self, shape: tuple[int, ...], what: str, words: Sequence[str] = ()) -> Axes:
        """Find the newest axes with a heat map of this shape.

        Raises:
            CheckFailed: no axes match.
            StudentError: no axes match because a cell that draws them raised an error.
        """
        found = [
            axes
            for axes in self.axes()
            for image in axes.data["images"]
            if image["values"].shape == shape
        ]
        if found:
            return Axes(found[-1].data, found[-1].figure, what)
        size = " × ".join(map(str, shape))
        self.missing(what, words, f"is missing: no figure shows a heat map of {size} fields")

    def grid(self, count: int, what: str, words: Sequence[str] = ()) -> list[Axes]:
        """Find the newest figure with `count` images, each in its own axes.

        The images may also be spread over the figures of one cell.

        Raises:
            CheckFailed: no figure matches.
            StudentError: no figure matches because a cell that draws it raised an error.
        """
        shown = [
            [Axes(axes, figure, what) for axes in figure["axes"] if axes["images"]]
            for figure in self
        ]
        of_cells: dict[int, list[Axes]] = {}
        for figure, panels in zip(self, shown, strict=True):
            of_cells.setdefault(figure["cell"], []).extend(panels)
        fitting = [panels for panels in (*of_cells.values(), *shown) if len(panels) == count]
        if fitting:
            return fitting[-1]
        most = max(map(len, shown), default=0)
        if most:
            got = count_words(most, "image")
            raise CheckFailed(what, f"has {got}, expected {count_words(count)}")
        self.missing(what, words, f"is missing: no figure has {count_words(count, 'image')}")

    def missing(self, what: str, words: Iterable[str], problem: str) -> NoReturn:
        """Fail because a figure is missing, with its cell's error as the reason if it has one.

        Raises:
            StudentError: a cell that should draw something about these words raised an error.
            CheckFailed: otherwise.
        """
        for failure in self._failures():
            if _is_about(failure, tuple(words)):
                raise failure.explaining(what)
        raise CheckFailed(what, problem)

    def refuse_stubs(self, what: str) -> None:
        """Raise the error of the first unwritten stub in the notebook, if any."""
        for failure in self._failures():
            if failure.not_attempted:
                raise failure.explaining(what)

    def refuse_failures(self, what: str) -> None:
        """Raise the error of the first failed cell that should draw something, if any."""
        for failure in self._failures():
            if _draws(failure.text):
                raise failure.explaining(what)

    def _count(self) -> str:
        if not self:
            return f"{self.source} shows no figure"
        if len(self) == 1:
            return "the one figure does not say"
        return f"none of the {count_words(len(self), 'figure')} says"


def _place(axes: Axes, words: Sequence[str]) -> int | None:
    """Return how prominent the words are, 0 for a title; None if one of them is missing."""
    places = []
    for word in words:
        seen = [place for place, text in enumerate(axes.texts()) if says(text, word)]
        if not seen:
            return None
        places.append(seen[0])
    return max(places, default=0)


def _draws(code: str) -> bool:
    """Return whether code draws something; importing a plotting library does not count."""
    lines = [line for line in code.splitlines() if not line.startswith(("import ", "from "))]
    return any(says("\n".join(lines), word) for word in _DRAWING)


def _is_about(failure: CellFailure, words: tuple[str, ...]) -> bool:
    text = f"{failure.above}\n{failure.text}"
    draws = failure.not_attempted or _draws(failure.text)
    return bool(words) and draws and all(says(text, word) for word in words)
