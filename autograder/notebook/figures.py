"""Convert matplotlib's figures to plain data: their content, not their style.

    {"cell": 7, "title": "", "axes": [axes, ...]}             cell 0: drawn by no cell
    axes    title, xlabel, ylabel, legend [text], xticklabels [text], yticklabels [text],
            lines, bars, images, points, texts [text]
    line    label, x, y                            arrays of the same length
    bars    label, heights, positions, names       one for each call of `bar`, `barh` or `hist`
    image   values (rows, columns) or (rows, columns, 3 or 4), colour: whether it has channels
    points  label, x, y                            one for each call of `scatter`

Axes of colour bars are left out. Heat maps are images, whichever function drew them. Parts that
cannot be read, because a student's class replaces them, are skipped.
"""

import contextlib
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np

MAX_AXES = 100
MAX_ARTISTS = 100
MAX_TEXTS = 200
MAX_TEXT = 500
MAX_POINTS = 50_000
MAX_IMAGE_SIDE = 512

Plain = dict[str, Any]
_T = TypeVar("_T")


def describe(figure: Any, cell: int) -> Plain:
    """Return the content of a figure.

    Args:
        figure: a `matplotlib.figure.Figure`; it is not drawn.
        cell: the number of the cell that showed it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shared = _legend_texts(_attempt(lambda: list(figure.legends), []))
        axes = _each(figure.axes, lambda part: _axes(figure, part, shared), MAX_AXES)
        return {"cell": cell, "title": _text(figure.get_suptitle), "axes": axes}


def _axes(figure: Any, axes: Any, shared_legend: list[str]) -> Plain | None:
    if axes.get_label() == "<colorbar>" or not axes.get_visible():
        return None
    own = _legend_texts([axes.get_legend()])
    legend = own or shared_legend
    lines = _each(axes.get_lines(), lambda line: _line(axes, line))
    bars = _each(axes.containers, lambda container: _bars(axes, container))
    points = _each(axes.collections, _points)
    _name_from_legend(own, lines or bars or points)
    titles = [_text(partial(axes.get_title, side)) for side in ("left", "center", "right")]
    return {
        "title": " ".join(filter(None, titles)),
        "xlabel": _label(figure, axes, "x"),
        "ylabel": _label(figure, axes, "y"),
        "legend": legend,
        "xticklabels": _tick_labels(axes, "x"),
        "yticklabels": _tick_labels(axes, "y"),
        "lines": lines,
        "bars": bars,
        "images": _each([*axes.images, *axes.collections], _image),
        "points": points,
        "texts": _texts(axes.texts),
    }


def _label(figure: Any, axes: Any, side: str) -> str:
    """Return the label of an axis: its own, a shared one, or the figure's."""
    own = _text(getattr(axes, f"get_{side}label"))
    if own:
        return own
    with contextlib.suppress(Exception):
        for other in getattr(axes, f"get_shared_{side}_axes")().get_siblings(axes):
            text = _text(getattr(other, f"get_{side}label"))
            if text:
                return text
    return _text(getattr(figure, f"get_sup{side}label"))


def _tick_labels(axes: Any, side: str) -> list[str]:
    if not _attempt(lambda: bool(axes.axison), True):
        return []
    return _texts(_attempt(partial(_list_of, axes, f"get_{side}ticklabels"), []))


def _line(axes: Any, line: Any) -> Plain | None:
    # `axhline` draws a guide: it has no data position on one of the two axes.
    placed = line.get_transform().contains_branch_seperately(axes.transData)
    x, y = _numbers(line.get_xdata(orig=False)), _numbers(line.get_ydata(orig=False))
    if not line.get_visible() or tuple(placed) != (True, True):
        return None
    if not x.size or x.size != y.size:
        return None
    bars = [part for part in axes.containers if type(part).__name__ == "ErrorbarContainer"]
    named = [_own_label(part) for part in bars if part[0] is line]
    if not named and line.get_label() == "_nolegend_":  # the cap of an error bar
        return None
    return {"label": named[0] if named else _own_label(line), "x": x, "y": y}


def _bars(axes: Any, container: Any) -> Plain | None:
    if type(container).__name__ != "BarContainer":
        return None
    patches = list(container.patches)[:MAX_POINTS]
    if getattr(container, "orientation", None) == "horizontal":
        side, heights = "y", [patch.get_width() for patch in patches]
        positions = [patch.get_y() + patch.get_height() / 2 for patch in patches]
    else:
        side, heights = "x", [patch.get_height() for patch in patches]
        positions = [patch.get_x() + patch.get_width() / 2 for patch in patches]
    names = _names_at(axes, side, positions)
    if not any(names):  # `plt.bar(x, heights, label=[...])` names each bar for the legend
        names = [_own_label(patch) for patch in patches[:MAX_TEXTS]]
    return {
        "label": _own_label(container),
        "heights": _numbers(heights),
        "positions": _numbers(positions),
        "names": names,
    }


def _names_at(axes: Any, side: str, positions: Sequence[float]) -> list[str]:
    """Return the tick label at each position, "" if the ticks are plain numbers."""
    axis = getattr(axes, f"{side}axis")
    if type(axis.get_major_formatter()).__name__ == "ScalarFormatter":
        return [""] * min(len(positions), MAX_TEXTS)
    labels = _texts(axis.get_ticklabels())
    places = _numbers(axis.get_majorticklocs())[: len(labels)]
    names = []
    for position in positions[:MAX_TEXTS]:
        distance = np.abs(places - position)
        near = int(np.argmin(distance)) if places.size else -1
        names.append(labels[near] if near >= 0 and distance[near] < 0.5 else "")
    return names


def _image(artist: Any) -> Plain | None:
    """Read an image of `imshow` or `matshow`, or a mesh of `pcolormesh`, as seaborn draws it."""
    kinds = {kind.__name__ for kind in type(artist).__mro__}
    if not kinds & {"_ImageBase", "QuadMesh", "PolyQuadMesh"} or not artist.get_visible():
        return None
    values = np.ma.filled(np.ma.asarray(artist.get_array()), 0)
    if "QuadMesh" in kinds and values.ndim == 1:  # older releases of matplotlib flatten it
        rows, columns = np.asarray(artist.get_coordinates()).shape[:2]
        values = values.reshape(rows - 1, columns - 1)
    if values.ndim not in (2, 3) or values.dtype.kind not in "biuf":
        return None
    steps = [slice(None, None, -(-side // MAX_IMAGE_SIDE) or 1) for side in values.shape[:2]]
    values = np.array(values[tuple(steps)])[..., :4] if values.ndim == 3 else values[tuple(steps)]
    return {"values": np.array(values), "colour": values.ndim == 3}


def _points(artist: Any) -> Plain | None:
    if type(artist).__name__ != "PathCollection" or not artist.get_visible():
        return None
    offsets: np.ndarray = np.ma.filled(np.ma.asarray(artist.get_offsets(), dtype=float), np.nan)
    x, y = _numbers(offsets[:, 0]), _numbers(offsets[:, 1])
    return {"label": _own_label(artist), "x": x, "y": y} if x.size else None


def _name_from_legend(texts: list[str], drawn: list[Plain]) -> None:
    """Name unlabelled artists in order, as `plt.legend(["train", "validation"])` does."""
    if len(texts) == len(drawn) and not any(part["label"] for part in drawn):
        for text, part in zip(texts, drawn, strict=True):
            part["label"] = text


def _legend_texts(legends: Iterable[Any]) -> list[str]:
    texts: list[str] = []
    for legend in legends:
        texts += _texts(_attempt(partial(_list_of, legend, "get_texts"), []))
    return texts[:MAX_TEXTS]


def _own_label(artist: Any) -> str:
    text = _text(artist.get_label)
    return "" if text.startswith("_") else text


def _texts(artists: Iterable[Any]) -> list[str]:
    return [_text(part.get_text) for part in list(artists)[:MAX_TEXTS]]


def _list_of(artist: Any, method: str) -> list[Any]:
    return list(getattr(artist, method)())


def _text(read: Callable[[], object]) -> str:
    value = _attempt(read, None)
    return str.__str__(value)[:MAX_TEXT].strip() if isinstance(value, str) else ""


def _numbers(values: object) -> np.ndarray:
    array: np.ndarray = np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)
    return np.array(array.reshape(-1)[:MAX_POINTS])


def _each(
    artists: Iterable[Any], describe_one: Callable[[Any], Plain | None], most: int = MAX_ARTISTS
) -> list[Plain]:
    found: list[Plain] = []
    for artist in list(artists):
        plain = _attempt(partial(describe_one, artist), None)
        if plain is not None and len(found) < most:
            found.append(plain)
    return found


def _attempt(read: Callable[[], _T], otherwise: _T) -> _T:
    try:
        return read()
    except Exception:  # an artist of a student's class, or one that matplotlib cannot read
        return otherwise


def size_of(plain: Mapping[str, Any]) -> int:
    """Return the size of a figure's arrays in bytes."""
    return sum(
        value.nbytes
        for axes in plain["axes"]
        for kind in ("lines", "bars", "images", "points")
        for part in axes[kind]
        for value in part.values()
        if isinstance(value, np.ndarray)
    )
