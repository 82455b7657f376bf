"""Check the lines, bars, images and labels of one pair of axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from autograder.rubric.check import CheckFailed
from autograder.rubric.words import count_words, join_words, says

Array = np.ndarray


@dataclass(frozen=True)
class Line:
    """One line of a plot: `y` over `x`, arrays of the same length."""

    label: str
    x: Array
    y: Array
    what: str

    def has_points(self, count: int, each: str = "") -> None:
        """Require a number of points, such as one for each epoch.

        Raises:
            CheckFailed: it has more or fewer.
        """
        if len(self.y) != count:
            got, wanted = count_words(len(self.y), "point"), count_words(count)
            also = f", one for each {each}" if each else ""
            raise CheckFailed(self.what, f"has {got}, expected {wanted}{also}")


class Axes:
    """One pair of axes of a figure.

    Attributes:
        what: what a message calls it, such as "the accuracy figure".
        data: its plain data.
    """

    def __init__(self, data: dict[str, Any], figure: dict[str, Any], what: str = "") -> None:
        self.data, self.figure = data, figure
        self.what = what or "the figure"

    def texts(self) -> list[str]:
        """Return the texts of the axes, the most informative first."""
        labels = [part["label"] for kind in ("lines", "bars", "points") for part in self.data[kind]]
        return [
            f"{self.data['title']}\n{self.data['ylabel']}",
            f"{self.data['xlabel']}\n" + "\n".join([*self.data["legend"], *labels]),
            self.figure["title"],
        ]

    def labelled(self, x: str = "", y: str = "") -> None:
        """Require labels on both axes, containing the words given.

        Raises:
            CheckFailed: a label is missing or does not contain the word.
        """
        for side, word in (("x", x), ("y", y)):
            label = self.data[f"{side}label"]
            expected = f", expected {word}" if word else ""
            if not label:
                self._fail(f"has no label on its {side} axis{expected}")
            if word and not says(label, word):
                self._fail(f"has the label {label!r} on its {side} axis{expected}")

    def titled(self) -> None:
        """Require a title, of the axes or of the whole figure.

        Raises:
            CheckFailed: there is none.
        """
        if not self.data["title"] and not self.figure["title"]:
            self._fail("has no title")

    def lines(self, *names: str) -> list[Line]:
        """Require a line for each name, identified by the legend; return them in this order.

        Raises:
            CheckFailed: lines are missing or cannot be identified.
        """
        drawn = self.data["lines"]
        wanted = join_words(names)
        if len(drawn) < len(names):
            got = count_words(len(drawn), "line")
            self._fail(f"has {got}, expected {count_words(len(names))}: {wanted}")
        if len(names) > 1 and not any(line["label"] for line in drawn):
            self._fail(f"does not say which line is which, expected a legend: {wanted}")
        found = self._by_name(drawn, names)
        for name in names:
            if name not in found:
                labels = join_words([repr(line["label"]) for line in drawn if line["label"]])
                self._fail(f"has no line for {name}, its legend says {labels}")
        return [self._line(found[name], name) for name in names]

    def any_lines(self, least: int = 1) -> list[Line]:
        """Require at least `least` lines with any names.

        Raises:
            CheckFailed: fewer lines are drawn.
        """
        drawn = self.data["lines"]
        if len(drawn) < least:
            got = count_words(len(drawn), "line")
            self._fail(f"has {got}, expected {count_words(least)}")
        return [self._line(line, line["label"]) for line in drawn]

    def bars(self, count: int, each: str = "") -> tuple[Array, list[str]]:
        """Require `count` bars; return their heights and names from left to right.

        Raises:
            CheckFailed: more or fewer bars are drawn.
        """
        groups = [group for group in self.data["bars"] if len(group["heights"]) == count]
        groups = groups or self.data["bars"]  # each bar may have been drawn by a separate call
        heights = _joined([group["heights"] for group in groups])
        names = [name for group in groups for name in group["names"]]
        if len(groups) > 1 and len(heights) > count and len(groups[0]["heights"]) == count:
            heights, names = groups[0]["heights"], groups[0]["names"]
        if len(heights) != count:
            also = f", one for each {each}" if each else ""
            self._fail(f"has {count_words(len(heights), 'bar')}, expected {count}{also}")
        return heights, names

    def image(self) -> Array:
        """Require an image; return the values of the last one drawn.

        Raises:
            CheckFailed: there is none.
        """
        if not self.data["images"]:
            self._fail("shows no image")
        values: Array = self.data["images"][-1]["values"]
        return values

    def _by_name(
        self, drawn: list[dict[str, Any]], names: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Find lines by label; if one name and one line are left over, pair them."""
        found: dict[str, dict[str, Any]] = {}
        for name in names:
            fitting = [line for line in drawn if says(line["label"], name)]
            if fitting:
                found[name] = fitting[-1]
        missing = [name for name in names if name not in found]
        left = [line for line in drawn if not any(line is other for other in found.values())]
        if len(missing) == len(left) == 1 and len(drawn) == len(names) > 1:
            found[missing[0]] = left[0]
        return found

    def _line(self, line: dict[str, Any], name: str) -> Line:
        what = f"the {name} line of {self.what}" if name else f"the line of {self.what}"
        return Line(line["label"], line["x"], line["y"], what)

    def _fail(self, problem: str) -> NoReturn:
        raise CheckFailed(self.what, problem)


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate(arrays) if arrays else np.zeros(0)
