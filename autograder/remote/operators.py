"""Both sides: the operators that tests may use on a student's objects.

The judge sends an operator's name; the worker applies the function of that name. Comparisons are
not among them: the judge compares copies of contents, so that a student's `__eq__` has no say.
"""

import operator
from collections.abc import Callable
from typing import Any

BINARY = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "matmul": "@", "lshift": "<<", "rshift": ">>", "and_": "&", "or_": "|", "xor": "^",
    "divmod": "divmod",
}  # fmt: skip
"""Name of each operator of two operands -> its symbol."""
UNARY = {"neg": "-", "pos": "+", "invert": "~", "abs": "abs"}
IN_PLACE = {
    "iadd": "+=", "isub": "-=", "imul": "*=", "itruediv": "/=", "ifloordiv": "//=", "imod": "%=",
    "ipow": "**=", "imatmul": "@=", "ilshift": "<<=", "irshift": ">>=", "iand": "&=", "ior": "|=",
    "ixor": "^=",
}  # fmt: skip

OPERATORS: dict[str, Callable[..., Any]] = {
    name: getattr(operator, name, None) or divmod for name in (*BINARY, *UNARY, *IN_PLACE)
}

MAX_ITEMS = 100_000
"""How many elements an iteration over a student's object may have."""
MAX_LENGTH = 10_000_000
"""The largest length of a student's object that a test can ask for."""
STEPS = 1_000
"""How many operators are sent in one request, where their results are known to stay."""
