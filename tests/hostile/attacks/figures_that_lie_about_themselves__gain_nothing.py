"""Figures as plain data of every odd form: other types, sizes that do not fit, no numbers.

Form: notebook
Earns: 3
Class: 11
"""

# %%
import numpy as np
from shapes.tools import replace_operation

odd = [None, True, 7, "squares", b"squares", [], {}, np.zeros(0), np.array(3), np.ones(3, bool)]
odd += [np.ones((2, 2)), np.ones(3, complex), float("nan"), 10**3000, [[[[]]]], {1: 2}, (1, 2)]
AXES = {"title": "squares", "xlabel": "squares", "ylabel": "squares", "legend": ["squares"],
        "xticklabels": [], "yticklabels": [], "bars": [], "images": [], "points": [],
        "texts": []}  # fmt: skip


def figure(**changes):
    line = {"label": "squares", "x": np.arange(3.0), "y": np.arange(3.0) ** 2 + 1}
    line |= {name: value for name, value in changes.items() if name in line}
    axes = AXES | {"lines": [line]}
    axes |= {name: value for name, value in changes.items() if name in axes}
    return {"cell": changes.get("cell", 1), "title": "squares", "axes": [axes]}


def lie(name):
    names = ("x", "y", "label", "cell", "title", "legend", "lines", "bars", "images", "texts")
    found = [figure(**{name: value}) for name in names for value in odd]
    for value in odd:
        found += [figure(x=value, y=value), figure(images=[{"values": value, "colour": value}])]
        found += [figure(bars=[{"heights": value, "positions": value, "names": value}])]
    return [*odd, *found]


replace_operation("figures", lie)
