"""Validate figures sent by a student's process; malformed ones are ignored."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

_MAX_TEXT = 500
_MAX_PARTS = 1_000

_Reader = Callable[[Any], Any]


class _NotSo(ValueError):
    """A part of the data is not that of a figure."""


def read_figures(shown: object) -> list[dict[str, Any]]:
    """Return the figures that have the form of `autograder.notebook.figures`."""
    return _each(shown, _figure)


def _figure(data: Any) -> dict[str, Any]:
    cell = data.get("cell")
    if type(cell) is not int:
        raise _NotSo
    return {
        "cell": cell,
        "title": _text(data.get("title")),
        "axes": _each(data.get("axes"), _axes),
    }


def _axes(data: Any) -> dict[str, Any]:
    texts = {name: _text(data.get(name)) for name in ("title", "xlabel", "ylabel")}
    lists = {
        name: _texts(data.get(name)) for name in ("legend", "xticklabels", "yticklabels", "texts")
    }
    parts = {name: _each(data.get(name), reader) for name, reader in _PARTS.items()}
    return {**texts, **lists, **parts}


def _curve(data: Any) -> dict[str, Any]:
    x, y = _numbers(data.get("x")), _numbers(data.get("y"))
    if len(x) != len(y):
        raise _NotSo
    return {"label": _text(data.get("label")), "x": x, "y": y}


def _bars(data: Any) -> dict[str, Any]:
    heights, positions = _numbers(data.get("heights")), _numbers(data.get("positions"))
    names = _texts(data.get("names"))
    if len(heights) != len(positions):
        raise _NotSo
    return {
        "label": _text(data.get("label")),
        "heights": heights,
        "positions": positions,
        "names": names,
    }


def _image(data: Any) -> dict[str, Any]:
    values = data.get("values")
    if type(values) is not np.ndarray or values.dtype.kind not in "biuf":
        raise _NotSo
    if values.ndim not in (2, 3):
        raise _NotSo
    return {"values": values, "colour": values.ndim == 3}


_PARTS: dict[str, _Reader] = {"lines": _curve, "bars": _bars, "images": _image, "points": _curve}


def _each(data: object, reader: _Reader) -> list[dict[str, Any]]:
    found = []
    for item in data[:_MAX_PARTS] if type(data) is list else ():
        try:
            if type(item) is dict:
                found.append(reader(item))
        except _NotSo:
            continue
    return found


def _texts(data: object) -> list[str]:
    items: Iterable[object] = data[:_MAX_PARTS] if type(data) is list else ()
    return [_text(item) for item in items]


def _text(data: object) -> str:
    return data[:_MAX_TEXT] if type(data) is str else ""


def _numbers(data: object) -> np.ndarray:
    if type(data) is not np.ndarray or data.ndim != 1 or data.dtype.kind not in "biuf":
        raise _NotSo
    return data
