"""Implement generated cheats. The audit copies the text of these modules into a changed solution.

They run there, in a worker, under their names here. They may import the standard library and each
other, and NumPy and PyTorch only if the submission has loaded them.
"""
