"""A figure shows images without pixels; what they are to be compared with is one number.

Form: notebook
Earns: 3
Class: 11
"""

# %%
import matplotlib.pyplot as plt
import numpy as np

STEPS = 8

numbers_to_square = np.arange(STEPS)
plt.plot(numbers_to_square, numbers_to_square**2)
plt.title("Squares of whole numbers")
plt.xlabel("number")
plt.ylabel("square")
plt.show()

# %%
plt.imshow(np.ones((3, 4)))
plt.show()

# %%
numbers_to_square = 5
