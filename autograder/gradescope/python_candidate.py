"""What Ubuntu 22.04's Python 3.11, a release candidate, lacks of 3.11; PyTorch asks for it.

`mend` has every start of that interpreter import this module. Where nothing is lacking, neither it
nor an import does anything.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

# Read after the file that says where the tool lies, in the order of the alphabet.
_START = "zz_python_candidate.pth"


def get_int_max_str_digits() -> int:
    """Say that there is no limit."""
    return 0


def set_int_max_str_digits(maxdigits: int) -> None:
    """Set no limit."""


def mend() -> None:
    """Mend this interpreter's environment, if it is a candidate's."""
    if sys.version_info.releaselevel != "final":
        place = Path(sysconfig.get_path("purelib")) / _START
        place.write_text(f"import {__spec__.name}\n", encoding="ascii")


if not hasattr(sys, "get_int_max_str_digits"):
    setattr(sys, "get_int_max_str_digits", get_int_max_str_digits)  # noqa: B010
    setattr(sys, "set_int_max_str_digits", set_int_max_str_digits)  # noqa: B010
