"""Tell whose code is calling: the student's, the tool's or a library's.

Python records the file of every code object. Code counts as the student's unless its file is where
student code cannot write: in the library, in this tool, in the rubric's support modules.
"""

import os
import sys
from collections.abc import Sequence
from functools import lru_cache
from types import FrameType

from autograder.sandbox import landlock

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_FROZEN = "<frozen "


class Callers:
    """Tells whose code an object is.

    Args:
        folder: the submitted files, possibly below a folder of the library.
        support: the rubric's support modules.

    Attributes:
        students: prefix of the student's file names.
        support: prefix of those of support modules.
        package: prefix of those of this tool.
        library: prefixes of those of libraries.
    """

    def __init__(self, folder: str, support: str) -> None:
        self.students = folder + os.sep
        self.support, self.package = support + os.sep, _PACKAGE
        self.library = tuple(place + os.sep for place in library_places())

    def is_students(self, filename: str) -> bool:
        """Return whether code of a file is the student's."""
        if filename.startswith((self.package, self.support, _FROZEN)):
            return False
        return filename.startswith(self.students) or not filename.startswith(self.library)


@lru_cache(maxsize=1)
def library_places() -> Sequence[str]:
    """Return the folders of the library, with links and resolved, as in names of code."""
    found = [path for path in landlock.default_read_paths() if os.path.isdir(path)]
    found += [os.path.dirname(os.__file__), *(path for path in sys.path if "-packages" in path)]
    both = [*found, *map(os.path.realpath, found)]
    wanted = [path for path in both if not path.startswith(("/proc", "/sys", "/dev", "/etc"))]
    return tuple(dict.fromkeys(path.rstrip(os.sep) for path in wanted))


def importing_frame(frame: FrameType | None) -> FrameType | None:
    """Return the frame that requested an import: the first outside of the import machinery."""
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(_FROZEN) and f"{os.sep}importlib{os.sep}" not in name:
            return frame
        frame = frame.f_back
    return None
