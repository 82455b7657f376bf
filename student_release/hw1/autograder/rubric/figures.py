"""Say what is missing in a student's figures; they come as plain data (autograder/notebook).

    accuracy = student.figures("analysis").about("accuracy", having="lines")
    accuracy.labelled(x="epoch", y="accuracy")
    train, validation = accuracy.lines("train", "validation")

Words are looked for with their usual short forms, wherever a reader would see them: in titles,
axis labels, legends. Everything was sent by a process in which student code ran, so what does not
have the form of a figure is left out, and nothing but numbers and texts is left.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from autograder.rubric.axes import Axes, Line
from autograder.rubric.check import CheckFailed
from autograder.rubric.failures import CellFailure
from autograder.rubric.plain_figures import read_figures
from autograder.rubric.words import count_words, join_words, says

__all__ = ["Axes", "Figures", "Line"]

# What tells that a cell was to draw something.
_DRAWING = ("plt", "plot", "ax", "axes", "fig", "figure", "chart", "show", "draw")


class Figures(list[dict[str, Any]]):
    """The figures of a notebook, or of a call, oldest first, as plain data.

    Args:
        shown: as it came from the student's side.
        source: the name of the notebook, or of the function.
        failures: tells what went wrong in the notebook's cells.
    """

    def __init__(
        self, shown: object, source: str, failures: Callable[[], list[CellFailure]] = list
    ) -> None:
        super().__init__(read_figures(shown))
        self.source, self._failures = source, failures

    def axes(self) -> list[Axes]:
        """All coordinate systems, oldest first."""
        return [Axes(axes, figure) for figure in self for axes in figure["axes"]]

    def about(self, *words: str, having: str = "", what: str = "") -> Axes:
        """Find the axes that speak of all these words; of several the plainest and newest.

        Args:
            words: looked for in titles, axis labels and legends.
            having: what must be drawn in them: "lines", "bars", "images" or "points".
            what: what messages call it, "the accuracy figure" for the word accuracy.

        Raises:
            CheckFailed: there are none.
            StudentError: there are none because a cell that draws them raised an error.
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
        """Find the newest axes that show numbers of this shape as colours.

        Raises:
            CheckFailed: there are none.
            StudentError: there are none because a cell that draws them raised an error.
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
        """Find the newest figure with so many images, each in axes of its own.

        The figures that one cell shows may have them together.

        Raises:
            CheckFailed: there is none.
            StudentError: there is none because a cell that draws it raised an error.
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
        """Fail because a figure is not there, for the reason that its cell gives, if it does.

        Raises:
            StudentError: a cell that was to draw something about these words raised an error.
            CheckFailed: otherwise.
        """
        for failure in self._failures():
            if _is_about(failure, tuple(words)):
                raise failure.explaining(what)
        raise CheckFailed(what, problem)

    def refuse_stubs(self, what: str) -> None:
        """Raise the error of the first stub that is left in the notebook, if there is one."""
        for failure in self._failures():
            if failure.not_attempted:
                raise failure.explaining(what)

    def refuse_failures(self, what: str) -> None:
        """Raise the error of the first cell that was to draw something, if one has failed."""
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
    """How far from the eye the words stand, 0 for a title; None where one of them is missing."""
    places = []
    for word in words:
        seen = [place for place, text in enumerate(axes.texts()) if says(text, word)]
        if not seen:
            return None
        places.append(seen[0])
    return max(places, default=0)


def _draws(code: str) -> bool:
    """Whether code draws something; imports of what draws do not."""
    lines = [line for line in code.splitlines() if not line.startswith(("import ", "from "))]
    return any(says("\n".join(lines), word) for word in _DRAWING)


def _is_about(failure: CellFailure, words: tuple[str, ...]) -> bool:
    text = f"{failure.above}\n{failure.text}"
    draws = failure.not_attempted or _draws(failure.text)
    return bool(words) and draws and all(says(text, word) for word in words)
