"""Tools around the library."""

from mytorch.utils.gradient_check import gradient_check

__all__ = ["gradient_check"]
