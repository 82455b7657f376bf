"""Guard functions of libraries: calls by student code are refused, calls by the library are not.

A function is guarded by replacing the code of the same function object, so every reference to it
leads to the guard. The original code and the guard's own state are constants of the new code.
Access to them (`__code__`, `f_code`, the collector's lists, ctypes) raises audit events, and our
hook refuses it to student code. docs/security.md says what such a guard withstands, and what not.
"""

import builtins
import dis
import sys
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autograder.sandbox.callers import Callers

identity = object.__hash__
"""A replacement of `id`, whose audit event would cost more than the whole check."""


class BannedName(ImportError):
    """Student code uses something in a library that the assignment does not allow."""


class Target(NamedTuple):
    """A guarded object; an immutable tuple, because student code may get hold of it.

    Attributes:
        name: the full name, for the message.
        library: the folder of its library, which may use it.
        kind: "function", "method" or "class".
        words: names by which code of the library uses it.
        having: ids of the variables of the library's modules that contain it.
        reaching: ids of the variables of modules that contain such a module.
        parents: the last parts of the names of those modules.
        family: ids of a class and of its subclasses in the library.
        strict: whether the library may not use it on behalf of student code either.
    """

    name: str
    library: str
    kind: str
    words: frozenset[str]
    having: frozenset[int] = frozenset()
    reaching: frozenset[int] = frozenset()
    parents: frozenset[str] = frozenset()
    family: frozenset[int] = frozenset()
    strict: bool = False


@dataclass
class Guarded:
    """The guarded objects; only the audit hook refers to them.

    Attributes:
        functions: ids of the functions.
        namespaces: ids of the variables of their modules.
        files: the files that define them.
    """

    functions: set[int] = field(default_factory=set)
    namespaces: set[int] = field(default_factory=set)
    files: set[str] = field(default_factory=set)


def make_check(callers: Callers, support_words: frozenset[tuple[str, str]]) -> types.FunctionType:
    """Create the function that allows a call of a guarded function or raises BannedName.

    Everything that it uses is bound here, so student code cannot change it by replacing built-in
    functions or methods.

    Args:
        callers: determines whose code is calling.
        support_words: pairs of a support module's file and a word in it.
    """
    get_frame, refusal, starts = sys._getframe, BannedName, str.startswith
    package, support, students = callers.package, callers.support, callers.students
    library = (*callers.library, "<frozen ")
    uses_itself, may_be_called = _make_uses_itself(), _make_may_be_called()

    def check(target: Target, itself: object) -> None:
        frame: types.FrameType | None = get_frame(2)
        ours: types.FrameType | None = None
        named = helped = False
        while frame is not None:
            code = frame.f_code
            file = code.co_filename
            if starts(file, target.library):
                if not target.strict and uses_itself(target, itself, frame, code):
                    return
            elif starts(file, support):
                helped = True
                for word in target.words:
                    if (file, word) in support_words:
                        return
            elif starts(file, package):
                named = named or not target.words.isdisjoint(code.co_names)
                ours = frame if ours is None else ours
            elif starts(file, students) or not starts(file, library):
                break
            frame = frame.f_back
        else:
            # A request of the judge, without student code in between.
            if named or (helped and target.strict):
                return
            if ours is not None and may_be_called(target, itself, get_frame(1), ours):
                return
        raise refusal(
            f"{target.name} may not be used in this assignment's code: the assignment asks you to "
            "do without it"
        )

    return with_constants(check)


def _make_uses_itself() -> types.FunctionType:
    """Create the function that decides whether a frame of the library uses a target by its name.

    Code that only calls its arguments does not name the target, so it does not count as a user.
    """
    same = identity

    def uses(target: Target, itself: object, frame: types.FrameType, code: types.CodeType) -> bool:
        names = code.co_names
        uses = not target.words.isdisjoint(names)
        if target.kind != "method":
            variables = same(frame.f_globals)
            uses = uses and (
                variables in target.having
                or variables in target.reaching
                or not target.parents.isdisjoint(names)
            )
            if target.kind == "class":
                uses = uses or variables in target.having
                if uses and code.co_argcount and itself is not None:
                    # A subclass that calls its base does not count, but its creator may.
                    uses = frame.f_locals.get(code.co_varnames[0]) is not itself
        return uses

    return with_constants(uses)


def _make_may_be_called() -> types.FunctionType:
    """Create the function that decides whether a request of the judge may call a banned object.

    Student code has the object under a name of its own.
    """
    same, kind_of, bound = identity, type, types.MethodType
    makers = ("__init__", "__new__")

    def may_be_called(
        target: Target, itself: object, guard: types.FrameType, ours: types.FrameType
    ) -> bool:
        if target.kind == "class":
            return guard.f_code.co_name not in makers and same(kind_of(itself)) in target.family
        if target.kind == "method":
            called: Any = ours.f_locals.get("target")
            return kind_of(called) is bound and called.__self__ is itself
        return False

    return with_constants(may_be_called)


def with_constants(function: Any) -> types.FunctionType:
    """Return the function with constants in place of variables of enclosing functions.

    Code that has a frame can change such variables. The function must not assign them.
    """
    code, values = function.__code__, [cell.cell_contents for cell in function.__closure__]
    changed, first = bytearray(code.co_code), len(code.co_consts)
    for one in dis.get_instructions(code):
        if one.opname == "COPY_FREE_VARS":
            changed[one.offset : one.offset + 2] = bytes([dis.opmap["NOP"], 0])
        elif one.argval in code.co_freevars and one.opname.endswith("_DEREF"):
            constant = first + code.co_freevars.index(one.argval)
            if one.opname != "LOAD_DEREF" or constant > 255:
                raise ValueError(f"{code.co_name} uses {one.argval} in another way")
            changed[one.offset : one.offset + 2] = bytes([dis.opmap["LOAD_CONST"], constant])
    instead = code.replace(
        co_code=bytes(changed), co_consts=(*code.co_consts, *values), co_freevars=()
    )
    return types.FunctionType(instead, function.__globals__, function.__name__)


# Its three string constants are replaced by the check, the target and the original. Variables would
# be visible in its frame.
_TEMPLATE = """
def template(*arguments, **keywords):
    "CHECK"("TARGET", arguments[0] if arguments else None)
    return "ORIGINAL"(*arguments, **keywords)
"""


def _template() -> types.CodeType:
    variables: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # strings cannot be called
        exec(compile(_TEMPLATE, __file__, "exec"), variables)
    code: types.CodeType = variables["template"].__code__
    return code


_GUARD = _template()


def guard_function(function: types.FunctionType, target: Target, check: Any, done: Guarded) -> None:
    """Make a Python function check its caller."""
    if identity(function) in done.functions:
        return
    code = function.__code__
    original = types.FunctionType(
        code, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    original.__kwdefaults__ = function.__kwdefaults__
    done.functions.add(identity(function))
    done.namespaces.add(identity(function.__globals__))
    done.files.add(code.co_filename)
    function.__code__ = guard_code(code, target, check, original)


def guard_code(
    code: types.CodeType, target: Target, check: Any, original: Callable[..., Any]
) -> types.CodeType:
    """Return code that checks the caller and then runs the original code."""
    parts = {"CHECK": check, "TARGET": target, "ORIGINAL": original}
    return _GUARD.replace(
        co_consts=tuple(parts.get(one, one) for one in _GUARD.co_consts),
        co_freevars=code.co_freevars,
        co_name=code.co_name,
    )


def guarded_callable(
    original: Callable[..., Any], target: Target, check: Any, done: Guarded
) -> types.FunctionType:
    """Return a function that checks its caller, then calls an object without Python code."""
    variables = {"__builtins__": vars(builtins)}  # C code below it may import
    function = types.FunctionType(
        guard_code((lambda: None).__code__, target, check, original), variables, target.name
    )
    function.__doc__ = getattr(original, "__doc__", None)
    function.__module__ = getattr(original, "__module__", None) or target.name.rpartition(".")[0]
    done.functions.add(identity(function))
    done.namespaces.add(identity(function.__globals__))
    return function
