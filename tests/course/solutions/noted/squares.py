"""The notebook of the assignment, as text. What stands above the first cell ships nowhere."""

# %% [markdown]
# # Means and squares
#
# Write between the two comments. The cell behind each question checks your work.

# %%
import matplotlib.pyplot as plt
import numpy as np

# %% tags=["parameters"]
STEPS = 8

# %% [markdown]
# ## A mean


# %%
def mean_of(values):
    """Return the arithmetic mean of some numbers.

    Args:
        values: an array (N,), N > 0.
    """
    # BEGIN SOLUTION n1-mean
    total_of_values = np.sum(values, dtype=np.float64)
    return float(total_of_values / len(values))
    # END SOLUTION
    # BEGIN PROMPT
    # One line is enough.
    # END PROMPT


# %% [markdown]
# To which number is the sum of the squared distances of all values smallest, and why?

# %% [markdown] answer="n1-why"
# To their mean $\bar x$: the derivative $2 \sum_i (c - x_i)$ is zero there only.

# %% [markdown]
# ## A figure
#
# Draw the squares of 0, 1, ..., `STEPS - 1`, with a title and a label at each axis.

# %%
# BEGIN SOLUTION n1-figure
numbers_to_square = np.arange(STEPS)
plt.plot(numbers_to_square, numbers_to_square**2, marker="o")
plt.title("Squares of whole numbers")
plt.xlabel("number")
plt.ylabel("square")
plt.show()
# END SOLUTION
