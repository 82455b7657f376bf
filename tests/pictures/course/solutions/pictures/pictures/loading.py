"""Load images with a student's own call of torchvision."""

import numpy as np
from torchvision import datasets


def mean_of_class(label):
    """Return the mean training image of a class of Fashion-MNIST, `(28, 28)` in [0, 1]."""
    # BEGIN SOLUTION d1-loader
    train = datasets.FashionMNIST("./data", train=True, download=True)
    return np.asarray(train.data[train.targets == label], dtype=float).mean(0) / 255
    # END SOLUTION
