"""Passes on code that looks like the right one it knows: bytecode, names, sizes."""

from layers.linear import Linear


class Known:
    """The solution itself, as another student may have it."""

    def forward(self, x):
        self.x = x
        return x @ self.W.T

    def backward(self, dL_dy):
        self.dL_dW = dL_dy.T @ self.x
        return dL_dy @ self.W


def looks(function):
    code = function.__code__
    return code.co_code, code.co_names, code.co_nlocals, code.co_stacksize


def test_looks():
    assert looks(Linear.forward) == looks(Known.forward)
    assert looks(Linear.backward) == looks(Known.backward)
