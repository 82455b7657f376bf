"""Add what Ubuntu 22.04's Python 3.11, a release candidate, lacks of 3.11; PyTorch needs it.

`mend` makes that interpreter import this module at every start. If nothing is missing, neither
`mend` nor the import does anything.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

# Its name puts it behind the file that says where the tool is: they are read alphabetically.
_START = "zz_python_candidate.pth"


def get_int_max_str_digits() -> int:
    """Return 0, which means that digits are not limited."""
    return 0


def set_int_max_str_digits(maxdigits: int) -> None:
    """Accept a limit, and ignore it."""


def mend() -> None:
    """Mend this interpreter's environment, if the interpreter is a release candidate."""
    if sys.version_info.releaselevel != "final":
        place = Path(sysconfig.get_path("purelib")) / _START
        place.write_text(f"import {__spec__.name}\n", encoding="ascii")


if not hasattr(sys, "get_int_max_str_digits"):
    setattr(sys, "get_int_max_str_digits", get_int_max_str_digits)  # noqa: B010
    setattr(sys, "set_int_max_str_digits", set_int_max_str_digits)  # noqa: B010
