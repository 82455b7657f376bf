"""Draw the pictures of a class, as SVG that is embedded in the page.

Matplotlib draws them in shades of grey that print well, and distinguishes by form, not by colour.
Letters are outlines, so a picture looks the same everywhere; the same numbers give the same bytes.
A screen reader reads title and description, and a table next to the picture has every number.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from autograder.report.whole_class.items import EASY, LOW_DISCRIMINATION, ItemStatistics
from autograder.report.whole_class.scores import Distribution

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DARK, _MIDDLE, _LIGHT = "#222222", "#777777", "#c8c8c8"
_WIDTH = 9.2
"""In inches; on a page, a picture is as wide as the page."""
_SETTINGS: Any = {
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "svg.fonttype": "path",
}
_ROOT = re.compile(r"<svg [^>]*?viewBox=\"([^\"]+)\"[^>]*>", re.DOTALL)
_STYLE = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)


def score_plot(scores: Distribution) -> "Markup":
    """Draw how many submissions have how many points."""
    with _settings("scores"):
        return _score_plot(scores)


def item_plot(items: Sequence[ItemStatistics]) -> "Markup":
    """Draw how difficult each item is, and how well it distinguishes students."""
    with _settings("items"):
        return _item_plot(items)


def time_plot(items: Sequence[ItemStatistics]) -> "Markup":
    """Draw how long the tests of each item took."""
    with _settings("times"):
        return _time_plot([one for one in items if one.seconds])


@contextmanager
def _settings(name: str) -> Iterator[None]:
    """Draw with these settings, whatever the instructor has configured."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**_SETTINGS, "svg.hashsalt": name})
        yield


def _score_plot(scores: Distribution) -> "Markup":
    from matplotlib.ticker import MaxNLocator

    figure, (axes,) = _figure(height=3.0)
    axes.stairs(
        scores.counts, scores.edges, fill=True, color=_LIGHT, edgecolor=_DARK, linewidth=0.8
    )
    axes.vlines(scores.edges, 0, [*scores.counts, 0], color=_DARK, linewidth=0.5)
    median, mean = scores.figures["median"], scores.figures["mean"]
    axes.axvline(median, color=_DARK, linewidth=1.6, label=f"median {median:.4g}")
    axes.axvline(mean, color=_DARK, linewidth=1.6, linestyle=":", label=f"mean {mean:.4g}")
    axes.set(xlabel="points by tests", ylabel="submissions", xlim=(0, scores.edges[-1]),
             ylim=(0, 1.05 * max(scores.counts)))  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    # Above the bars: inside, it would hide some of them in one class or another.
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), frameon=False, ncols=2, borderaxespad=0.2)
    fullest = max(range(len(scores.counts)), key=scores.counts.__getitem__)
    return _markup(
        figure,
        "scores",
        "Histogram of the points by tests",
        f"{len(scores.scores)} submissions, from {scores.scores[0]:g} to {scores.scores[-1]:g} of "
        f"{scores.possible:g} points. The median is {median:.4g}, the mean {mean:.4g}. Most, "
        f"{scores.counts[fullest]}, lie between {scores.edges[fullest]:.4g} and "
        f"{scores.edges[fullest + 1]:.4g} points.",
    )


def _item_plot(items: Sequence[ItemStatistics]) -> "Markup":
    figure, (left, right) = _figure(height=_height(items), columns=2)
    places = range(len(items))
    left.barh(places, [one.share for one in items], color=_LIGHT, edgecolor=_DARK, linewidth=0.8)
    left.set(xlabel="mean share of the points (higher is easier)", xlim=(0, 1))
    known = [(place, one.discrimination) for place, one in zip(places, items, strict=True)
             if one.discrimination is not None]  # fmt: skip
    right.axvline(0, color=_DARK, linewidth=0.8)
    right.axvline(LOW_DISCRIMINATION, color=_MIDDLE, linewidth=0.8, linestyle="--")
    right.hlines([place for place, _ in known], 0, [value for _, value in known], color=_MIDDLE)
    right.plot([value for _, value in known], [place for place, _ in known], "o", color=_DARK)
    lowest = min([0.0, *(value for _, value in known)])
    right.set(xlabel="discrimination (corrected item-total r)", xlim=(lowest - 0.05, 1.03))
    _name_rows(left, right, items)
    weak = [items[place].id for place, value in known if value < LOW_DISCRIMINATION]
    easy = [one.id for one in items if one.share > EASY]
    return _markup(
        figure,
        "items",
        "How difficult each item is, and how well it distinguishes students",
        f"{len(items)} items. Easy for nearly all students: {_listed(easy)}. With a discrimination "
        f"below {LOW_DISCRIMINATION}: {_listed(weak)}. The table below has all numbers.",
    )


def _time_plot(timed: Sequence[ItemStatistics]) -> "Markup":
    figure, (axes,) = _figure(height=_height(timed))
    axes.boxplot(
        [[max(value, 1e-4) for value in one.seconds] for one in timed],
        positions=range(len(timed)), orientation="horizontal", whis=(5, 95), widths=0.6,
        medianprops={"color": _DARK, "linewidth": 1.8}, boxprops={"color": _MIDDLE},
        whiskerprops={"color": _MIDDLE}, capprops={"color": _MIDDLE},
        flierprops={"marker": ".", "markersize": 2, "markeredgecolor": _DARK},
    )  # fmt: skip
    axes.set(xscale="log", xlabel="seconds of all tests of an item, for each submission")
    _name_rows(axes, None, timed)
    slowest = max(timed, key=lambda one: one.median_seconds)
    return _markup(
        figure,
        "times",
        "Time that the tests of each item took",
        f"Boxes from the first to the third quartile, whiskers from the 5th to the 95th "
        f"percentile. The slowest item is {slowest.id}, with a median of "
        f"{slowest.median_seconds:.3g} seconds. The table below has all numbers.",
    )


def _height(items: Sequence[ItemStatistics]) -> float:
    return 0.8 + 0.22 * len(items)


def _name_rows(axes: "Axes", other: "Axes | None", items: Sequence[ItemStatistics]) -> None:
    """Write the items' ids on the left, the first one on top, with lines that guide the eye."""
    axes.set_yticks(range(len(items)), [one.id for one in items])
    for one in (axes, other):
        if one is not None:
            one.set_ylim(len(items) - 0.5, -0.5)
            one.tick_params(axis="y", length=0)
            one.grid(axis="x", color=_LIGHT, linewidth=0.5)
    if other is not None:
        other.set_yticks(range(len(items)), [])


def _figure(height: float, columns: int = 1) -> "tuple[Figure, Sequence[Axes]]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    return figure, list(figure.subplots(1, columns, squeeze=False)[0])


def _markup(figure: "Figure", name: str, title: str, description: str) -> "Markup":
    """Return a picture as SVG with title and description, without metadata or a global style."""
    from markupsafe import Markup, escape

    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    svg = file.getvalue()
    svg = _METADATA.sub("", _STYLE.sub("", svg[svg.index("<svg") :], count=1), count=1)
    head = (
        f'<svg viewBox="\\1" role="img" aria-labelledby="{name}-title" '
        f'aria-describedby="{name}-description" '
        f'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">\n'
    )
    spoken = Markup('<title id="{0}-title">{1}</title><desc id="{0}-description">{2}</desc>')
    spoken = spoken.format(name, title, escape(description))
    svg, replaced = _ROOT.subn(head, svg, count=1)
    assert replaced == 1
    end = svg.index(">") + 1
    # Every id of this picture gets its name as a prefix, because two pictures share a page.
    body = re.sub(r'(\sid="|href="#|url\(#)', rf"\g<1>{name}-", svg[end:])
    return Markup(svg[:end] + str(spoken) + body)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words) or "none"
