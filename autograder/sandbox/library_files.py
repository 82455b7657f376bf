"""What is in the files of libraries, whatever student code has put in place of built-in functions.

Code that is loaded in the name of such a file is compared with it (guard_hook.py).
"""

import os
from collections.abc import Callable, Collection
from importlib.util import cache_from_source
from typing import Any

from autograder.sandbox.callers import Callers
from autograder.sandbox.guarding import with_constants

# In what follows, methods of C code are safe. Built-in functions are not: student code can replace
# them, so they are constants.


def make_is_one_of(sources: Collection[str]) -> Callable[[str], bool]:
    """Make a function that tells whether a path leads to one of these sources or its compiled file.

    Args:
        sources: paths of files of Python code; other spellings and links lead to the same files.
    """
    paths = frozenset(one for source in sources for one in (source, *_compiled(source)))
    stat, failed = os.stat, (OSError, ValueError)
    files = set()
    for path in paths:
        try:
            told = stat(path)
        except failed:
            continue
        files.add((told.st_dev, told.st_ino))
    numbers = frozenset(files)

    def is_one_of(path: Any) -> bool:
        if path in paths:
            return True
        try:
            found = stat(path)
        except failed:
            return False
        return (found.st_dev, found.st_ino) in numbers

    return with_constants(is_one_of)


def _compiled(source: str) -> list[str]:
    try:
        return [cache_from_source(source, optimization=level) for level in ("", "1", "2")]
    except (ValueError, NotImplementedError):
        return []


def make_content_of(
    callers: Callers, is_guarded: Callable[[str], bool]
) -> Callable[[object], bytes | None]:
    """Make a function that reads a file of a library, of this tool or of the rubric.

    Args:
        callers: tells whose a file is.
        is_guarded: whether a file has what is guarded, so that it is not to be loaded again.

    Returns:
        A function from a path to what is there; None where it is none of these files.
    """
    opened, kind, text, failed = open, type, str, (OSError, ValueError)
    places = (*callers.library, callers.package, callers.support)
    students, support = callers.students, callers.support

    def content_of(file: Any) -> Any:
        if kind(file) is not text or "/../" in file or is_guarded(file):
            return None
        if file.startswith(students) and not file.startswith(support):
            return None
        if not file.startswith(places):
            return None
        try:
            with opened(file, "rb") as stream:
                return stream.read()
        except failed:
            return None

    return with_constants(content_of)


def make_is_source(content_of: Callable[[object], bytes | None]) -> Callable[[Any, object], bool]:
    """Make a function that tells whether something is the source in a file of a library.

    Args:
        content_of: what `make_content_of` has made.
    """
    kind, text, raw, no_text = type, str, bytes, UnicodeDecodeError

    def is_source(source: Any, file: object) -> bool:
        content = content_of(file)
        if content is None:
            return False
        if kind(source) is raw:
            return source == content  # type: ignore[no-any-return]
        if kind(source) is not text:
            return False
        try:
            written = content.decode("utf-8")
        except no_text:
            return False
        same: bool = source.replace("\r\n", "\n") == written.replace("\r\n", "\n")
        return same

    return with_constants(is_source)
