"""Refuse student code the ways round a guard (guarding.py), by an audit hook.

They are: to read a guarded function's code, to have code count as a library's, to load a guarded
library once more, to change the guard while it decides.
"""

import dis
import sys
import traceback
import types
from collections.abc import Callable
from importlib.util import cache_from_source
from typing import Any, NoReturn

from autograder.sandbox import guarding
from autograder.sandbox.callers import Callers
from autograder.sandbox.guarding import BannedName, Guarded, identity, with_constants


def refuse_ways_round(callers: Callers, done: Guarded) -> None:
    """Refuse student code what would give it guarded functions as they were; for good."""
    get_frame, same, refusal = sys._getframe, identity, BannedName
    package, support, students = callers.package, callers.support, callers.students
    library, frozen, starts, ends = callers.library, "<frozen ", str.startswith, str.endswith
    functions, namespaces = frozenset(done.functions), frozenset(done.namespaces)
    # They look at frames; that no other code has their names is seen to below.
    may_look = frozenset((__file__, guarding.__file__, traceback.__file__))
    compiled = frozenset(_compiled(file) for file in done.files)
    sources = frozenset(done.files)
    check_source = _check_source
    load_attribute, length = dis.opmap["LOAD_ATTR"], len
    shift = 1 if sys.version_info >= (3, 12) else 0  # there the lowest bit tells something else
    coroutine, body = types.coroutine.__code__, "<module>"
    for_nobody = (
        "sys.settrace", "sys.setprofile", "sys.addaudithook",
        "gc.get_objects", "gc.get_referrers", "gc.get_referents", "sys._current_frames",
        "sys._current_exceptions",
    )  # fmt: skip

    def asked(frame: types.FrameType | None) -> bool:
        ours = False
        while frame is not None:
            file = frame.f_code.co_filename
            if starts(file, (package, support)):
                ours = True
            if starts(file, students) and not starts(file, support):
                return True
            if not starts(file, (*library, package, frozen)) and not starts(file, support):
                return True
            frame = frame.f_back
        return not ours  # a thread with nothing but the library's code was started by somebody

    def reads(frame: types.FrameType, name: str) -> bool:
        # Only then is it the frame's own code that reads, not C code which it has called, such as
        # attrgetter in the place of a method that it calls.
        code = frame.f_code
        at = frame.f_lasti
        if code.co_code[at] != load_attribute:
            return False
        number = code.co_code[at + 1] >> shift
        return number < length(code.co_names) and code.co_names[number] == name

    reads_itself = with_constants(reads)

    def refuse_it(what: str) -> NoReturn:
        raise refusal(f"{what} is refused, because this assignment bans names of libraries")

    def marks(frame: types.FrameType | None) -> bool:
        # A module of a library that is being loaded marks its own functions as coroutines.
        if frame is None or frame.f_code is not coroutine or frame.f_back is None:
            return False
        code = frame.f_back.f_code
        return (
            code.co_name == body
            and starts(code.co_filename, library)
            and not starts(code.co_filename, students)
        )

    marks_its_own = with_constants(marks)
    asked_by_student, refuse = with_constants(asked), with_constants(refuse_it)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "object.__getattr__":
            thing, name = arguments[0], arguments[1]
            if name == "f_code":
                if same(thing.f_globals) in namespaces:
                    requester = get_frame(1)
                    if reads_itself(requester, name):
                        if same(requester.f_globals) not in namespaces:
                            if requester.f_code.co_filename in may_look:
                                return None
                        if not asked_by_student(requester):
                            return None
                    refuse("the code of a library's frame")
            elif name == "__code__" and same(thing) in functions:
                requester = get_frame(1)
                if asked_by_student(requester) or not reads_itself(requester, name):
                    refuse("the code of a function that may not be used")
        elif event == "object.__setattr__":
            if arguments[1] == "__code__" and asked_by_student(get_frame(1)):
                if marks_its_own(get_frame(1)):
                    return None
                file = arguments[0].__code__.co_filename
                if starts(file, (*library, package, support)) and not starts(file, students):
                    refuse("other code for a function of a library")
        elif event == "open":
            path = arguments[0]
            if isinstance(path, str) and starts(get_frame(1).f_code.co_filename, frozen):
                if path in compiled or path in sources:
                    # It was loaded before student code was there: this is for a second copy.
                    raise PermissionError(13, "a library that is guarded is not loaded again", path)
                if ends(path, ".pyc") and not starts(path, (*library, package)):
                    raise PermissionError(13, "compiled code is not loaded from here", path)
        elif event == "compile":
            file = arguments[1]
            if isinstance(file, str) and starts(file, (*library, package)):
                if starts(get_frame(1).f_code.co_filename, frozen):
                    return check_source(arguments[0], file, refuse)
                if asked_by_student(get_frame(1)):
                    refuse("code in the name of a library")
        elif event == "code.__new__":
            file = arguments[1]
            if starts(file, (*library, package, support)) and not starts(file, students):
                if asked_by_student(get_frame(1)) and not marks_its_own(get_frame(1)):
                    refuse("code in the name of a library")
        elif event == "marshal.loads":
            requester = get_frame(1)
            if not starts(requester.f_code.co_filename, frozen) and asked_by_student(requester):
                refuse("compiled code")
        elif event in for_nobody or starts(event, "sys.monitoring"):
            refuse(event)
        elif starts(event, "ctypes."):
            if asked_by_student(get_frame(1)):
                refuse(event)
        return None

    sys.addaudithook(with_constants(hook))


def _check_source(source: object, file: str, refuse: Callable[[str], NoReturn]) -> None:
    """Refuse code that is loaded in the name of a file whose content is something else."""
    try:
        with open(file, "rb") as stream:
            content = stream.read()
    except OSError:
        content = b""
    if isinstance(source, str):
        content_text = content.decode("utf-8", "replace").replace("\r\n", "\n")
        if source.replace("\r\n", "\n") != content_text:
            refuse("code in the name of a library")
    elif isinstance(source, bytes) and source != content:
        refuse("code in the name of a library")


def _compiled(file: str) -> str:
    try:
        return cache_from_source(file)
    except (ValueError, NotImplementedError):
        return file
