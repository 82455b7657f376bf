"""A small neural-network library in NumPy, every gradient written by hand.

`mytorch.nn` holds the layers, the loss, Sequential and the optimizer; `mytorch.utils` holds
gradient_check, which tells whether the gradients are right.
"""
