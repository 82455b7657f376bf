"""Figures with endless axes, of a class of their own, by the thousand, and with gigantic images.

Form: notebook
Earns: 4
Class: 11 14
Ends: n1-sums=passed
"""

# %%
import itertools

import matplotlib.figure
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display


class Endless(matplotlib.figure.Figure):
    @property
    def axes(self):
        return itertools.repeat(self)

    def get_suptitle(self):
        return "a" * 10**8


# %%
display(Endless())

# %%
plt.figure(FigureClass=Endless)
plt.show()

# %%
for _ in range(300):
    matplotlib.figure.Figure().show() if False else display(matplotlib.figure.Figure())

# %%
plt.imshow(np.broadcast_to(np.float32(1), (200_000, 200_000)))
plt.show()

# %%
plt.plot(np.arange(5_000_000))
plt.title("a" * 10**7)
plt.show()
