"""Read the files of libraries reliably, even if student code has replaced built-in functions.

Code loaded under the name of such a file is compared with it (guard_hook.py).
"""

import os
from collections.abc import Callable, Collection
from importlib.util import cache_from_source
from typing import Any

from autograder.sandbox.callers import Callers
from autograder.sandbox.guarding import with_constants

# Methods of C code are safe below. Built-in functions are not, because student code can replace
# them, so they are bound as constants.


def make_is_one_of(sources: Collection[str]) -> Callable[[str], bool]:
    """Create a function that decides whether a path is one of these sources or its compiled file.

    Args:
        sources: paths of Python files; other spellings and links refer to the same files.
    """
    paths = frozenset(one for source in sources for one in (source, *_compiled(source)))
    stat, failed = os.stat, (OSError, ValueError)
    files = set()
    for path in paths:
        try:
            status = stat(path)
        except failed:
            continue
        files.add((status.st_dev, status.st_ino))
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
    """Create a function that reads a file of a library, of this tool or of the rubric.

    Args:
        callers: determines whose a file is.
        is_guarded: whether a file contains guarded objects, so that it must not be loaded again.

    Returns:
        A function from a path to its content; None if it is not one of these files.
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
    """Create a function that decides whether a text is the source in a file of a library.

    Args:
        content_of: the result of `make_content_of`.
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
