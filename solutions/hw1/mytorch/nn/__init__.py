"""Layers, the loss and the optimizer; `from mytorch import nn` brings them all."""

from mytorch.nn.modules.activation import ReLU, Sigmoid
from mytorch.nn.modules.linear import Linear
from mytorch.nn.modules.loss import SoftmaxCrossEntropy
from mytorch.nn.optim import SGD
from mytorch.nn.sequential import Sequential

__all__ = ["SGD", "Linear", "ReLU", "Sequential", "Sigmoid", "SoftmaxCrossEntropy"]
