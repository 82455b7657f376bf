"""The layers, one concept a file: linear, activation, loss."""
