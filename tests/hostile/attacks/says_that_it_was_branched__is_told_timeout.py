"""Answers that there is a branch now, and nobody is at the other end.

Form: notebook
Earns: 1
Class: 7 10
Ends: n1-mean=timeout|crashed, n1-sums=passed
"""

# %%
import os

from shapes.tools import sockets

import autograder.sandbox.worker as worker

kept = []


def fork_nobody(seed, alone):
    kept.extend(os.dup(number) for number in sockets())  # or the judge would see them closed
    return 2**22 - 1


worker._fork = fork_nobody
