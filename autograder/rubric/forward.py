"""Evaluate a model with the weights that a student saved, by a function of the rubric.

    def logits(weights, images):  # in the rubric's file, with torch imported inside
        ...

    def test_accuracy(student, data, forward_pass):
        claims, cifar = fitting_claims(student, data, "resnet", "cifar-10")
        audited = audit_logits(
            forward_pass(logits, claims["weights"], cifar.test_images[:500]),
            cifar.test_labels[:500],
        )

In grading the function runs in a confined process that holds no student code
(autograder/grading/forward_pass.py), on a student's machine in the process of the tests. The judge
itself imports no PyTorch.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.rubric.audit_claims import checked_weights
from autograder.rubric.check import CheckFailed

Array = np.ndarray
Function = Callable[[dict[str, Array], Any], Any]
"""A function of the rubric: weights by name and inputs -> an array or a tensor."""

MAX_OUTPUT = 20_000_000
# Mistakes that weights cannot cause.
AUTHORS_FAULTS = ("NameError", "UnboundLocalError", "ImportError", "ModuleNotFoundError",
                  "SyntaxError", "IndentationError")  # fmt: skip
_WEIGHTS = "the saved weights"


def forward_here(function: Function, weights: object, inputs: object) -> Array:
    """Evaluate a model in this process.

    Args:
        function: computes the output from the weights, by name, and the inputs.
        weights: as `student.claims` returns them.
        inputs: passed to the function.

    Raises:
        CheckFailed: the weights are not finite numbers, are too many or do not fit the model.
    """
    arrays = checked_weights(weights)
    try:
        output = function(arrays, inputs)
    except Exception as error:
        if type(error).__name__ in AUTHORS_FAULTS:
            raise
        raise unfit(type(error).__name__, str(error)) from None
    if hasattr(output, "detach"):
        output = output.detach().cpu().numpy()
    return output_of(output)


def output_of(output: object) -> Array:
    """Return the output of a model.

    Raises:
        TypeError: it is not an array of numbers, which is a mistake of the function.
    """
    if not isinstance(output, np.ndarray) or output.dtype.kind not in "fiub":
        kind = type(output).__name__
        raise TypeError(f"a forward pass returns an array or a tensor of numbers, not a {kind}")
    if output.size > MAX_OUTPUT:
        raise CheckFailed(_WEIGHTS, f"make more than {MAX_OUTPUT:,} numbers")
    return output


def unfit(kind: str, message: str) -> CheckFailed:
    """Return the error for weights with which the function raises an exception."""
    first = (message.strip().splitlines() or [""])[0][:200]
    return CheckFailed(_WEIGHTS, f"do not fit the model ({kind}: {first})")


def module_of(function: Function) -> tuple[str, str]:
    """Return the file of a function and its name.

    Raises:
        TypeError: it is not a function at the top level of a file.
    """
    code, name = getattr(function, "__code__", None), getattr(function, "__qualname__", "")
    if code is None or not name.isidentifier() or getattr(function, "__closure__", None):
        raise TypeError("a forward pass is a function that is defined at the top level of a file")
    return code.co_filename, name
