"""Refuse student code the ways to bypass a guard (guarding.py), by an audit hook.

These are: reading a guarded function's code, making code count as a library's, loading a guarded
library again, and changing the guard while it decides.

Code counts as a library's by the name of its file, so other code must never get such a name:
neither when it is compiled, unmarshalled or copied, nor later. Functions of `_imp` that do this
without an audit event are replaced.
"""

import _imp
import builtins
import dis
import marshal
import sys
import traceback
import types
from collections.abc import Callable
from importlib import _bootstrap_external as loading
from types import SimpleNamespace
from typing import Any, NoReturn

from autograder.sandbox import guarding
from autograder.sandbox.callers import Callers
from autograder.sandbox.guarding import BannedName, Guarded, identity, with_constants
from autograder.sandbox.library_files import make_content_of, make_is_one_of, make_is_source

_LOADER = loading._compile_bytecode.__code__  # type: ignore[attr-defined]
_HEADER_BYTES = 16  # of a compiled file, before the code


def refuse_ways_round(callers: Callers, done: Guarded) -> None:
    """Permanently refuse student code everything that would give it unguarded functions."""
    get_frame, same, refusal = sys._getframe, identity, BannedName
    package, support, students = callers.package, callers.support, callers.students
    library, frozen, starts, ends = callers.library, "<frozen ", str.startswith, str.endswith
    # These files inspect frames; the hook ensures that no other code has their names.
    may_look = frozenset((__file__, guarding.__file__, traceback.__file__))
    claimed = (*library, package, support, frozen)
    is_a, text, denied = isinstance, str, PermissionError  # student code may replace the built-ins
    load_attribute, length = dis.opmap["LOAD_ATTR"], len
    shift = 1 if sys.version_info >= (3, 12) else 0  # there the lowest bit has another meaning
    coroutine, body = types.coroutine.__code__, "<module>"
    for_nobody = (
        "sys.settrace", "sys.setprofile", "sys.addaudithook",
        "gc.get_objects", "gc.get_referrers", "gc.get_referents", "sys._current_frames",
        "sys._current_exceptions", "cpython.PyInterpreterState_New",
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
        return not ours  # a thread that runs only library code was started by other code

    def reads(frame: types.FrameType, name: str) -> bool:
        # Only then does the frame's own code read it, not C code that it calls, such as an
        # attrgetter in place of a method.
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
        # A library module marks its own functions as coroutines while it is loaded.
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
    is_guarded = make_is_one_of(done.files)
    content_of = make_content_of(callers, is_guarded)
    is_source, loader, header = make_is_source(content_of), _LOADER, _HEADER_BYTES
    closed = _close_imp(claimed, content_of, asked_by_student, refuse)
    for instead in closed:
        done.functions.add(identity(instead))
        done.namespaces.add(identity(instead.__globals__))
    functions, namespaces = frozenset(done.functions), frozenset(done.namespaces)
    renames = closed[0].__code__  # unmarshals only what it has read itself

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
                if starts(file, claimed) and not starts(file, students):
                    refuse("other code for a function of a library")
        elif event == "open":
            path = arguments[0]
            if is_a(path, text) and starts(get_frame(1).f_code.co_filename, frozen):
                if is_guarded(path):
                    # It was loaded before student code, so this would load a second copy.
                    raise denied(13, "a library that is guarded is not loaded again", path)
                if ends(path, ".pyc") and not (
                    starts(path, (*library, package)) and not starts(path, students)
                ):
                    raise denied(13, "compiled code is not loaded from here", path)
        elif event == "compile":
            file = arguments[1]
            own = starts(file, students) and not starts(file, support) if is_a(file, text) else True
            if not own and starts(file, claimed):
                requester = get_frame(1)
                is_loader = starts(requester.f_code.co_filename, frozen)
                if is_loader and is_source(arguments[0], file):
                    return None
                if is_loader or asked_by_student(requester):
                    refuse("code in the name of a library")
        elif event == "code.__new__":
            file = arguments[1]
            if starts(file, claimed) and not starts(file, students):
                if asked_by_student(get_frame(1)) and not marks_its_own(get_frame(1)):
                    refuse("code in the name of a library")
        elif event == "marshal.loads":
            requester = get_frame(1)
            if requester.f_code is not renames and asked_by_student(requester):
                if requester.f_code is not loader:
                    refuse("compiled code")
                content = content_of(requester.f_locals["bytecode_path"])
                if content is None or content[header:] != arguments[0]:
                    refuse("compiled code")
        elif event in for_nobody or starts(event, "sys.monitoring"):
            refuse(event)
        elif starts(event, "ctypes."):
            if asked_by_student(get_frame(1)):
                refuse(event)
        return None

    sys.addaudithook(with_constants(hook))


def _close_imp(
    claimed: tuple[str, ...],
    content_of: Callable[[object], bytes | None],
    asked_by_student: Callable[..., bool],
    refuse: Callable[[str], NoReturn],
) -> list[types.FunctionType]:
    """Replace the functions of `_imp` that give code a library's name without an audit event.

    Args:
        claimed: prefixes of file names that student code may not give to its own code.
        content_of: reads a file of a library.
        asked_by_student: whether student code has called a frame.
        refuse: raises the refusal of what it names.

    Returns:
        The replacements, to be guarded because they hold the original functions. The first
        replaces `_fix_co_filename`.
    """
    get_frame, starts, ends, kind, text = sys._getframe, str.startswith, str.endswith, type, str
    names = ("_fix_co_filename", "get_frozen_object", "create_builtin", "create_dynamic")
    rename, unfreeze, create, load = (getattr(_imp, name) for name in names)
    loads, plain, loader, header = marshal.loads, SimpleNamespace, _LOADER, _HEADER_BYTES
    denied = PermissionError

    def rename_own(code: types.CodeType, path: str) -> None:
        requester = get_frame(1)
        if starts(path, claimed) and asked_by_student(requester):
            # A compiled file may have been moved. Student code can replace the function that
            # unmarshals it.
            if requester.f_code is not loader:
                refuse("code in the name of a library")
            content = content_of(requester.f_locals["bytecode_path"])
            if content is None or loads(content[header:]) != code:
                refuse("code in the name of a library")
        rename(code, path)

    def unfreeze_by_name(name: str, *data: object) -> Any:
        if data:
            refuse("compiled code")
        return unfreeze(name)

    def create_other(spec: Any) -> Any:
        name = spec.name
        if (
            kind(name) is not text or name == "_imp"
        ):  # a second copy would have the original functions
            raise denied(1, "a second module _imp is refused, because names are banned")
        return create(plain(name=name))

    def load_other(spec: Any, *file: object) -> Any:
        name = spec.name
        # Python's own shared library contains it too, also as the last part of a longer name.
        if kind(name) is not text or name == "_imp" or ends(name, "._imp"):
            refuse("a second module _imp")
        return load(
            plain(name=name, origin=spec.origin, loader=spec.loader, parent=spec.parent), *file
        )

    closed = []
    functions = (rename_own, unfreeze_by_name, create_other, load_other)
    for name, function in zip(names, functions, strict=True):
        variables = {"__builtins__": vars(builtins)}  # C code called from it may import
        instead = types.FunctionType(with_constants(function).__code__, variables, name)
        for module in filter(None, (_imp, sys.modules.get("imp"))):
            setattr(module, name, instead)
        closed.append(instead)
    return closed
