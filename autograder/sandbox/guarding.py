"""Guard functions of libraries: student code that calls one is refused, the library itself is not.

A function is guarded by other code in the same function object, so every name that leads to it
leads to the guard. What it did before, and the guard's own state, are constants of that code. The
ways to them (`__code__`, `f_code`, the collector's lists, ctypes) tell audit hooks, and ours
refuses them to student code. docs/security.md says what such a guard can hold against, and what it
cannot.
"""

import sys
import traceback
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from autograder.sandbox.callers import Callers


class BannedName(ImportError):
    """Student code uses something within a library that the assignment does not allow."""


@dataclass(eq=False)  # it is a constant of code, and those are hashed
class Target:
    """Something that is guarded.

    Attributes:
        name: in full, for the message.
        library: the folder of the library that it belongs to, which may use it.
        kind: "function", "method" or "class".
        words: names by which code of the library uses it.
        having: ids of the variables of those modules of the library that have it.
        reaching: ids of the variables of those that have a module which has it.
        parents: the last names of those modules.
        strict: whether the library may not use it for student code either.
    """

    name: str
    library: str
    kind: str
    words: frozenset[str]
    having: frozenset[int] = frozenset()
    reaching: frozenset[int] = frozenset()
    parents: frozenset[str] = frozenset()
    strict: bool = False


@dataclass
class Guarded:
    """What has been guarded; the audit hook looks here, and nothing else leads here.

    Attributes:
        functions: ids of the functions.
        namespaces: ids of the variables of their modules.
        files: those that define them.
    """

    functions: set[int] = field(default_factory=set)
    namespaces: set[int] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


def make_check(callers: Callers, support_names: Callable[[str, str], bool]) -> Any:
    """Make the function that lets a call of a guarded function through, or raises BannedName.

    Everything that it uses is bound here: whatever student code puts in place of built-in functions
    and of methods does not change it.

    Args:
        callers: tells whose code is calling.
        support_names: whether a support module (its file) has a word in it.
    """
    get_frame, same, refusal = sys._getframe, id, BannedName
    package, support, students = callers.package, callers.support, callers.students
    library, frozen, starts = callers.library, "<frozen ", str.startswith

    def check(target: Target, itself: object) -> None:
        frame: types.FrameType | None = get_frame(2)
        ours = False
        while frame is not None:
            code = frame.f_code
            file = code.co_filename
            if starts(file, students) and not starts(file, support):
                break
            if starts(file, support):
                for word in target.words:
                    if support_names(file, word):
                        return
            elif starts(file, package):
                ours = True
            elif starts(file, frozen):
                pass
            elif not starts(file, library):
                break
            elif not target.strict and starts(file, target.library):
                # Code that only calls what it is given does not name it, and is no user.
                names, variables = code.co_names, same(frame.f_globals)
                named = not target.words.isdisjoint(names)
                if target.kind == "method":
                    uses = named
                elif target.kind == "function":
                    uses = named and (
                        variables in target.having
                        or variables in target.reaching
                        or not target.parents.isdisjoint(names)
                    )
                else:
                    uses = variables in target.having or (
                        named
                        and (variables in target.reaching or not target.parents.isdisjoint(names))
                    )
                    if uses and code.co_argcount and itself is not None:
                        # A subclass that asks its base is no user: who has made it, may be one.
                        uses = frame.f_locals.get(code.co_varnames[0]) is not itself
                if uses:
                    return
            frame = frame.f_back
        else:
            if ours:  # a request of the judge's, and no student code on the way
                return
        raise refusal(
            f"{target.name} may not be used in this assignment's code: the assignment asks you to "
            "do without it"
        )

    return check


def _template(*arguments: Any, **keywords: Any) -> Any:
    parts: Any = "PARTS"  # a constant, which gives way to the check, the target and the original
    parts[0](parts[1], arguments[0] if arguments else None)
    return parts[2](*arguments, **keywords)


def guard_function(function: types.FunctionType, target: Target, check: Any, done: Guarded) -> None:
    """Have a function of Python code check who calls it."""
    if id(function) in done.functions:
        return
    code = function.__code__
    original = types.FunctionType(
        code, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    original.__kwdefaults__ = function.__kwdefaults__
    done.functions.add(id(function))
    done.namespaces.add(id(function.__globals__))
    done.files.add(code.co_filename)
    function.__code__ = guard_code(code, target, check, original)


def guard_code(
    code: types.CodeType, target: Target, check: Any, original: Callable[..., Any]
) -> types.CodeType:
    """The code that checks and then does what was done before, in the place of other code."""
    template, parts = _template.__code__, (check, target, original)
    return template.replace(
        co_consts=tuple(parts if one == "PARTS" else one for one in template.co_consts),
        co_freevars=code.co_freevars,
        co_filename=__file__,
        co_name=code.co_name,
        co_firstlineno=template.co_firstlineno,
    )


def guarded_callable(
    original: Callable[..., Any], target: Target, check: Any, done: Guarded
) -> types.FunctionType:
    """A function that checks who calls it, then calls something that has no Python code."""
    function = types.FunctionType(
        guard_code((lambda: None).__code__, target, check, original), {}, target.name
    )
    function.__doc__ = getattr(original, "__doc__", None)
    function.__module__ = getattr(original, "__module__", None) or target.name.rpartition(".")[0]
    done.functions.add(id(function))
    done.namespaces.add(id(function.__globals__))
    return function


def refuse_ways_round(callers: Callers, check: Any, done: Guarded) -> None:
    """Refuse student code what would give it guarded functions as they were; for good.

    Args:
        callers: tells whose code is calling.
        check: what `make_check` has made.
        done: what has been guarded.
    """
    get_frame, same, refusal = sys._getframe, id, BannedName
    package, support, students = callers.package, callers.support, callers.students
    library, frozen, starts, ends = callers.library, "<frozen ", str.startswith, str.endswith
    functions, namespaces = done.functions, done.namespaces
    traceback_file = traceback.__file__
    own: set[int] = set()  # the code of this function, which looks at frames itself
    compiled = frozenset(_compiled(file) for file in done.files)
    sources = frozenset(done.files)
    lists = ("gc.get_objects", "gc.get_referrers", "gc.get_referents")

    def asked_by_student(frame: types.FrameType | None) -> bool:
        while frame is not None:
            file = frame.f_code.co_filename
            if starts(file, students) and not starts(file, support):
                return True
            if not starts(file, (*library, package, frozen)) and not starts(file, support):
                return True
            frame = frame.f_back
        return False

    def refuse(what: str) -> NoReturn:
        raise refusal(f"{what} is refused, because this assignment bans names of libraries")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "object.__getattr__":
            thing, name = arguments[0], arguments[1]
            if name == "f_code":
                if same(thing.f_globals) in namespaces:
                    requester = get_frame(1)
                    code = requester.f_code
                    if same(code) in own or code.co_filename == traceback_file:
                        return None
                    if asked_by_student(requester):
                        refuse("the code of a library's frame")
            elif name == "__code__" and same(thing) in functions:
                if asked_by_student(get_frame(1)):
                    refuse("the code of a function that may not be used")
        elif event == "object.__setattr__":
            if arguments[1] == "__code__" and asked_by_student(get_frame(1)):
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
                    return _check_source(arguments[0], file, refuse)
                if asked_by_student(get_frame(1)):
                    refuse("code in the name of a library")
        elif event == "code.__new__":
            file = arguments[1]
            if starts(file, (*library, package, support)) and not starts(file, students):
                if asked_by_student(get_frame(1)):
                    refuse("code in the name of a library")
        elif event == "marshal.loads":
            requester = get_frame(1)
            if not starts(requester.f_code.co_filename, frozen) and asked_by_student(requester):
                refuse("compiled code")
        elif event in lists or starts(event, "ctypes.") or starts(event, "sys.monitoring"):
            if asked_by_student(get_frame(1)):
                refuse(event)
        return None

    own.update(map(same, (hook.__code__, asked_by_student.__code__, check.__code__)))
    sys.addaudithook(hook)


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
    from importlib.util import cache_from_source

    try:
        return cache_from_source(file)
    except (ValueError, NotImplementedError):
        return file
