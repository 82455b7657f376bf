"""What a run takes must be installed: said before anything is graded, and how to get it."""

from importlib.util import find_spec

from autograder.errors import AutograderError
from autograder.grading.order import Order

# Word for the zygote -> modules that it imports, and the extra that brings them.
_TAKES = {
    "notebook": (("IPython", "matplotlib"), "notebooks"),
    "torch": (("torch",), "assignments"),
}


def ensure_installed(order: Order) -> None:
    """Stop a run that lacks a library.

    Raises:
        AutograderError: it names the library and the command that installs it.
    """
    for word in sorted({word for options in order.options for word in options}):
        modules, extra = _TAKES[word]
        for module in modules:
            if find_spec(module) is None:
                raise AutograderError(
                    f"{module} is not installed, and this assignment's items need it",
                    "this Python",
                    f"run: pip install 'autograder[{extra}]'",
                )
