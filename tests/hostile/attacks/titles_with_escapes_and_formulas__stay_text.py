"""Titles, labels, prints and errors that act on terminals and in spreadsheets.

Form: notebook
Earns: 3
Class: 4 17
"""

# %%
import matplotlib.pyplot as plt
import numpy as np

STEPS = 8

EVIL = "\x1b[2J\x1b]0;FORGED\x07\x9b31m\r\u202e=cmd|'/C calc'!A0\n@SUM(1)\x00<b>squares</b>"
numbers_to_square = np.arange(STEPS)
plt.plot(numbers_to_square, numbers_to_square, label=EVIL.replace("\x00", ""))
plt.title(EVIL.replace("\x00", ""))
plt.xlabel("=1+1\t\x1b[5m")
plt.ylabel("square")
plt.legend()
plt.show()
print(EVIL)


# %%
def mean_of(values):
    raise type(EVIL.replace("\x00", ""), (ValueError,), {})(EVIL)
