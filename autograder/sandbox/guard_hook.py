"""Refuse student code the ways to bypass a guard (guarding.py), by an audit hook.

These are: reading a guarded function's code, making code count as a library's, loading a guarded
library again, and changing the guard while it decides.

Code counts as a library's by the name of its file, so other code must never get such a name:
neither when it is compiled, unmarshalled or copied, nor later. Functions of `_imp` that do this
without an audit event are replaced.

Student code can see the variables of running functions, and can replace built-in functions. So
every function here that runs later is made once, by a function `_make_…`, with all that it uses as
constants.
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
from typing import Any, NamedTuple, NoReturn

from autograder.sandbox import guarding
from autograder.sandbox.callers import Callers
from autograder.sandbox.guarding import BannedName, Guarded, identity, with_constants
from autograder.sandbox.library_files import make_content_of, make_is_one_of, make_is_source

_LOADER = loading._compile_bytecode.__code__  # type: ignore[attr-defined]
_HEADER_BYTES = 16  # of a compiled file, before the code
_FROZEN = "<frozen "
# These files inspect frames; the hook ensures that no other code has their names.
_MAY_LOOK = frozenset((__file__, guarding.__file__, traceback.__file__))
_FORBIDDEN = (
    "sys.settrace", "sys.setprofile", "sys.addaudithook",
    "gc.get_objects", "gc.get_referrers", "gc.get_referents", "sys._current_frames",
    "sys._current_exceptions", "cpython.PyInterpreterState_New",
)  # fmt: skip


class _Shared(NamedTuple):
    """What rules for several events use; nothing refers to it when the hook has been made.

    Attributes:
        students: prefix of the student's file names.
        support: prefix of those of support modules.
        trusted: prefixes of those of libraries and of this tool.
        library: prefixes of those of libraries.
        claimed: prefixes of file names that student code may not give to its own code.
        asked_by_student: whether student code has called a frame.
        marks_its_own: whether a frame is of a library that marks its own function.
        refuse: raises the refusal of what it names.
        is_guarded: whether a file contains guarded objects.
        content_of: reads a file of a library.
    """

    students: str
    support: str
    trusted: tuple[str, ...]
    library: tuple[str, ...]
    claimed: tuple[str, ...]
    asked_by_student: Callable[[types.FrameType | None], bool]
    marks_its_own: Callable[[types.FrameType | None], bool]
    refuse: Callable[[str], NoReturn]
    is_guarded: Callable[[str], bool]
    content_of: Callable[[object], bytes | None]


def refuse_ways_round(callers: Callers, done: Guarded) -> None:
    """Permanently refuse student code everything that would give it unguarded functions."""
    is_guarded = make_is_one_of(done.files)
    shared = _Shared(
        callers.students,
        callers.support,
        (*callers.library, callers.package),
        callers.library,
        (*callers.library, callers.package, callers.support, _FROZEN),
        _make_asked_by_student(callers),
        _make_marks_its_own(callers),
        _make_refuse(),
        is_guarded,
        make_content_of(callers, is_guarded),
    )
    closed = _close_imp(shared)
    for instead in closed:
        done.functions.add(identity(instead))
        done.namespaces.add(identity(instead.__globals__))
    renames = closed[0].__code__  # unmarshals only what it has read itself
    hook = _make_hook(shared, done, identity(renames))
    # Without a reference, student code could have its identity reused. Code of the hook must not
    # refer to it: frames of a refusal show that code, and this code shows the original function.
    hook.__dict__["renames"] = renames
    sys.addaudithook(hook)


def _make_hook(shared: _Shared, done: Guarded, renames: int) -> types.FunctionType:
    """Create the hook, which applies a rule to each audit event.

    Args:
        shared: what the rules use.
        done: the guarded objects.
        renames: the identity of the code that replaces `_imp._fix_co_filename`.
    """
    get_frame, same, starts = sys._getframe, identity, str.startswith
    functions, namespaces = frozenset(done.functions), frozenset(done.namespaces)
    asked_by_student, refuse, forbidden = shared.asked_by_student, shared.refuse, _FORBIDDEN
    reads_itself, may_look = _make_reads_itself(), _MAY_LOOK
    change, new, open_file = _make_on_change(shared), _make_on_new(shared), _make_on_open(shared)
    compile_text, unmarshal = _make_on_compile(shared), _make_on_unmarshal(shared, renames)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "object.__getattr__":
            thing, name = arguments[0], arguments[1]
            if name == "f_code":
                if same(thing.f_globals) in namespaces:
                    requester = get_frame(1)
                    if reads_itself(requester, name):
                        if same(requester.f_globals) not in namespaces:
                            if requester.f_code.co_filename in may_look:
                                return
                        if not asked_by_student(requester):
                            return
                    refuse("the code of a library's frame")
            elif name == "__code__" and same(thing) in functions:
                requester = get_frame(1)
                if asked_by_student(requester) or not reads_itself(requester, name):
                    refuse("the code of a function that may not be used")
        elif event == "object.__setattr__":
            change(arguments[0], arguments[1])
        elif event == "open":
            open_file(arguments[0])
        elif event == "compile":
            compile_text(arguments[0], arguments[1])
        elif event == "code.__new__":
            new(arguments[1])
        elif event == "marshal.loads":
            unmarshal(arguments[0])
        elif event in forbidden or starts(event, "sys.monitoring"):
            refuse(event)
        elif starts(event, "ctypes."):
            if asked_by_student(get_frame(1)):
                refuse(event)

    return with_constants(hook)


def _make_asked_by_student(callers: Callers) -> types.FunctionType:
    """Create the function that decides whether student code has called a frame."""
    package, support, students = callers.package, callers.support, callers.students
    library, frozen, starts = callers.library, _FROZEN, str.startswith

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

    return with_constants(asked)


def _make_reads_itself() -> types.FunctionType:
    """Create the function that decides whether a frame's own code reads an attribute.

    Otherwise C code that it calls reads the attribute, such as an attrgetter in place of a method.
    """
    load_attribute, length = dis.opmap["LOAD_ATTR"], len
    shift = 1 if sys.version_info >= (3, 12) else 0  # there the lowest bit has another meaning

    def reads(frame: types.FrameType, name: str) -> bool:
        code = frame.f_code
        at = frame.f_lasti
        if code.co_code[at] != load_attribute:
            return False
        number = code.co_code[at + 1] >> shift
        return number < length(code.co_names) and code.co_names[number] == name

    return with_constants(reads)


def _make_refuse() -> types.FunctionType:
    """Create the function that raises the refusal of what it names."""
    refusal = BannedName

    def refuse_it(what: str) -> NoReturn:
        raise refusal(f"{what} is refused, because this assignment bans names of libraries")

    return with_constants(refuse_it)


def _make_marks_its_own(callers: Callers) -> types.FunctionType:
    """Create the function that decides whether a library module marks its own function.

    While it is loaded, it marks functions as coroutines.
    """
    library, students, starts = callers.library, callers.students, str.startswith
    coroutine, body = types.coroutine.__code__, "<module>"

    def marks(frame: types.FrameType | None) -> bool:
        if frame is None or frame.f_code is not coroutine or frame.f_back is None:
            return False
        code = frame.f_back.f_code
        return (
            code.co_name == body
            and starts(code.co_filename, library)
            and not starts(code.co_filename, students)
        )

    return with_constants(marks)


# The rules for events. The hook calls them, so the code that raised the event is two frames up.


def _make_on_change(shared: _Shared) -> types.FunctionType:
    """Create the rule for attributes of functions: no other code for those of a library."""
    get_frame, starts, refuse = sys._getframe, str.startswith, shared.refuse
    asked_by_student, marks_its_own = shared.asked_by_student, shared.marks_its_own
    claimed, students = shared.claimed, shared.students

    def change(function: Any, attribute: str) -> None:
        if attribute == "__code__" and asked_by_student(get_frame(2)):
            if marks_its_own(get_frame(2)):
                return
            file = function.__code__.co_filename
            if starts(file, claimed) and not starts(file, students):
                refuse("other code for a function of a library")

    return with_constants(change)


def _make_on_new(shared: _Shared) -> types.FunctionType:
    """Create the rule for new code objects: no name of a library's file for student code."""
    get_frame, starts, refuse = sys._getframe, str.startswith, shared.refuse
    asked_by_student, marks_its_own = shared.asked_by_student, shared.marks_its_own
    claimed, students = shared.claimed, shared.students

    def new(file: str) -> None:
        if starts(file, claimed) and not starts(file, students):
            if asked_by_student(get_frame(2)) and not marks_its_own(get_frame(2)):
                refuse("code in the name of a library")

    return with_constants(new)


def _make_on_open(shared: _Shared) -> types.FunctionType:
    """Create the rule for files that Python's import opens."""
    get_frame, starts, ends, frozen = sys._getframe, str.startswith, str.endswith, _FROZEN
    is_a, text, denied = isinstance, str, PermissionError
    trusted, students, is_guarded = shared.trusted, shared.students, shared.is_guarded

    def open_file(path: Any) -> None:
        if is_a(path, text) and starts(get_frame(2).f_code.co_filename, frozen):
            if is_guarded(path):
                # It was loaded before student code, so this would load a second copy.
                raise denied(13, "a library that is guarded is not loaded again", path)
            if ends(path, ".pyc") and not (starts(path, trusted) and not starts(path, students)):
                raise denied(13, "compiled code is not loaded from here", path)

    return with_constants(open_file)


def _make_on_compile(shared: _Shared) -> types.FunctionType:
    """Create the rule for compiling: in the name of a library's file only what is in that file."""
    get_frame, starts, frozen = sys._getframe, str.startswith, _FROZEN
    is_a, text, is_source = isinstance, str, make_is_source(shared.content_of)
    asked_by_student, refuse = shared.asked_by_student, shared.refuse
    students, support, claimed = shared.students, shared.support, shared.claimed

    def compile_text(source: Any, file: Any) -> None:
        own = starts(file, students) and not starts(file, support) if is_a(file, text) else True
        if not own and starts(file, claimed):
            requester = get_frame(2)
            is_loader = starts(requester.f_code.co_filename, frozen)
            if is_loader and is_source(source, file):
                return
            if is_loader or asked_by_student(requester):
                refuse("code in the name of a library")

    return with_constants(compile_text)


def _make_on_unmarshal(shared: _Shared, renames: int) -> types.FunctionType:
    """Create the rule for compiled code: the import loads only what is in a library's file."""
    get_frame, same, loader, header = sys._getframe, identity, _LOADER, _HEADER_BYTES
    asked_by_student, refuse = shared.asked_by_student, shared.refuse
    content_of = shared.content_of

    def unmarshal(data: Any) -> None:
        requester = get_frame(2)
        if same(requester.f_code) != renames and asked_by_student(requester):
            if requester.f_code is not loader:
                refuse("compiled code")
            content = content_of(requester.f_locals["bytecode_path"])
            if content is None or content[header:] != data:
                refuse("compiled code")

    return with_constants(unmarshal)


def _close_imp(shared: _Shared) -> list[types.FunctionType]:
    """Replace the functions of `_imp` that give code a library's name without an audit event.

    Returns:
        The replacements, to be guarded because they hold the original functions. The first
        replaces `_fix_co_filename`.
    """
    functions = {
        "_fix_co_filename": _make_rename(shared),
        "get_frozen_object": _make_unfreeze(shared.refuse),
        "create_builtin": _make_create(),
        "create_dynamic": _make_load(shared.refuse),
    }
    closed = []
    for name, function in functions.items():
        variables = {"__builtins__": vars(builtins)}  # C code called from it may import
        instead = types.FunctionType(function.__code__, variables, name)
        for module in filter(None, (_imp, sys.modules.get("imp"))):
            setattr(module, name, instead)
        closed.append(instead)
    return closed


def _make_rename(shared: _Shared) -> types.FunctionType:
    """Create the replacement of `_imp._fix_co_filename`, which gives code a file's name."""
    get_frame, starts, loads, header = sys._getframe, str.startswith, marshal.loads, _HEADER_BYTES
    rename = _imp._fix_co_filename  # type: ignore[attr-defined]
    loader, claimed = _LOADER, shared.claimed
    asked_by_student, refuse = shared.asked_by_student, shared.refuse
    content_of = shared.content_of

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

    return with_constants(rename_own)


def _make_unfreeze(refuse: Callable[[str], NoReturn]) -> types.FunctionType:
    """Create the replacement of `_imp.get_frozen_object`, which also takes compiled code."""
    unfreeze = _imp.get_frozen_object

    def unfreeze_by_name(name: str, *data: object) -> Any:
        if data:
            refuse("compiled code")
        return unfreeze(name)

    return with_constants(unfreeze_by_name)


def _make_create() -> types.FunctionType:
    """Create the replacement of `_imp.create_builtin`, which makes built-in modules."""
    create, kind, text = _imp.create_builtin, type, str
    plain: Any = SimpleNamespace
    denied = PermissionError

    def create_other(spec: Any) -> Any:
        name = spec.name
        # A second copy would have the original functions.
        if kind(name) is not text or name == "_imp":
            raise denied(1, "a second module _imp is refused, because names are banned")
        return create(plain(name=name))

    return with_constants(create_other)


def _make_load(refuse: Callable[[str], NoReturn]) -> types.FunctionType:
    """Create the replacement of `_imp.create_dynamic`, which loads shared libraries."""
    load, kind, text = _imp.create_dynamic, type, str
    plain: Any = SimpleNamespace
    ends = str.endswith

    def load_other(spec: Any, *file: object) -> Any:
        name = spec.name
        # Python's own shared library contains it too, also as the last part of a longer name.
        if kind(name) is not text or name == "_imp" or ends(name, "._imp"):
            refuse("a second module _imp")
        return load(
            plain(name=name, origin=spec.origin, loader=spec.loader, parent=spec.parent), *file
        )

    return with_constants(load_other)
