"""What generated cheats do. The audit puts the text of these modules into a changed solution.

They run there, in a worker, under the names that they have here. They may import the standard
library and each other; NumPy and PyTorch only where the submission has them loaded.
"""
