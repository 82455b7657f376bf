"""Figures are read by functions that the notebook has replaced, and drawn by others.

Form: notebook
Earns: 4
Class: 7 11
"""

# %%

import matplotlib.axes
import matplotlib.lines
import matplotlib.pyplot as plt
from shapes.tools import all_objects

import autograder.notebook.figures as figures
import autograder.notebook.showing as showing


class Odd:
    def __array__(self, *arguments, **fields):
        raise KeyboardInterrupt

    def __len__(self):
        return -1

    def __float__(self):
        raise SystemExit


matplotlib.lines.Line2D.get_ydata = lambda self, orig=True: Odd()
matplotlib.axes.Axes.get_title = lambda self, loc="center": Odd()
figures.MAX_TEXT = figures.MAX_POINTS = figures.MAX_AXES = 10**9
showing.MAX_FIGURES = showing.MAX_BYTES = 10**12
figures._attempt = lambda read, otherwise: read()
plt.plot([1, 2, 3])
plt.show()

# %%
for recorder in [one for one in all_objects() if type(one).__name__ == "Recorder"]:
    recorder.figures = Odd()
matplotlib.lines.Line2D.get_ydata = lambda self, orig=True: self._y
