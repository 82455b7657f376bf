"""The notebook's process cannot be branched once, and can again for the next item.

Form: notebook
Earns: 4
Class: 16
Ends: n1-figure=passed, n1-claims=partial, n1-sums=passed
"""

# %%
import autograder.sandbox.worker as worker

fork_branch, asked = worker._fork, []


def fork_later(seed, alone):
    asked.append(seed)
    return -1 if len(asked) == 1 else fork_branch(seed, alone)


worker._fork = fork_later
