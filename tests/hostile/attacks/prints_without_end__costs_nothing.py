"""Prints gigabytes, one character at a time, and in one piece, to every stream that there is.

Form: notebook
Earns: 4
Class: 9 14
Ends: n1-figure=passed, n1-sums=passed
"""

# %%
import os
import sys

from shapes.tools import until

for _ in until(2):
    print("a" * 1_000_000)
    sys.stderr.write("b" * 1_000_000)
    os.write(1, b"c" * 1_000_000)
    sys.__stdout__.write("d" * 1_000)
    print("\x1b[2J\x1b]0;title\x07", end="")

# %%
"e" * 10_000_000


# %%
class Lies(str):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        return Lies("f" * 1_000_000)


for _ in until(1):
    print(Lies("f"), end=Lies("f" * 1_000_000))
