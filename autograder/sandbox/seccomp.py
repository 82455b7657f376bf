"""Filter system calls: those that student code does not need fail with "not permitted".

syscalls.py lists the allowed calls. libseccomp, which knows the numbers of this machine's calls,
writes the filter, which is kept as the program that the kernel runs. It is built in the zygote; a
worker installs it with one system call and does not need libseccomp. A process cannot remove a
filter.

A refused call fails with EPERM, so student code gets an ordinary PermissionError, which can be
reported. Calls that a library tries first but does not need fail with ENOSYS, as on an older
kernel, and so do all calls that are newer than the newest allowed one. Calls by the numbers of
another architecture would bypass the filter; they kill the process.
"""

import ctypes
import ctypes.util
import errno
import importlib
import os
import struct
from functools import cache
from typing import Any

from autograder.sandbox.libc import forbid_new_privileges, last_error, syscall
from autograder.sandbox.syscalls import (
    Rule,
    absent_calls,
    allowed_calls,
    checked_calls,
    pretended_calls,
    unsuitable_calls,
)

# Calls whose names older releases of libseccomp do not know. New numbers are the same on every
# supported architecture.
NUMBERS = {"close_range": 436, "faccessat2": 439}
NEWEST = max(NUMBERS.values())
"""The highest allowed number: calls that new kernels add need not be reviewed."""
_X32_BIT = 0x4000_0000

_SECCOMP = {"x86_64": 317, "aarch64": 277}  # seccomp()
_SET_MODE_FILTER = 1
_ALL_THREADS = 1
_INSTRUCTION = struct.Struct("=HBBI")
LIBRARIES = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}  # as the loader knows them
_TREE = 2  # libseccomp's value for sorting the rules as a binary tree
_LEAST_API = 3  # libseccomp's API level of a kernel that can kill a process (Linux 4.14)


class SeccompMissing(Exception):
    """A filter cannot be built or installed here; the text says why."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def available() -> str:
    """Return why a filter is not available on this machine; an empty text if it is available."""
    try:
        libseccomp()
    except SeccompMissing as missing:
        return str(missing)
    return ""


def unknown() -> tuple[str, ...]:
    """Return names of the table that libseccomp does not know, so that the calls are refused.

    Calls that this architecture does not have are not included.

    Raises:
        SeccompMissing: as `available` says.
    """
    binding = libseccomp()
    names = dict.fromkeys(allowed_calls())
    names |= dict.fromkeys(rule.call for rule in checked_calls(graphics=True))
    names |= dict.fromkeys(rule.call for rule in pretended_calls())
    return tuple(name for name in names if call_number(binding, name) == -1)


@cache
def build_program(keeps_id: bool = False, graphics: bool = False, machine: str = "") -> bytes:
    """Build the filter, as the program that the kernel runs.

    Args:
        keeps_id: whether the process has the grader's user id.
        graphics: whether it may control the graphics cards.
        machine: `X86_64` or `AARCH64`; "" for this machine.

    Raises:
        SeccompMissing: as `available` says.
        OSError: libseccomp refuses a rule.
    """
    binding = libseccomp()
    rules = binding.SyscallFilter(binding.ERRNO(errno.EPERM))
    if machine and getattr(binding.Arch, machine) != binding.system_arch():
        rules.add_arch(getattr(binding.Arch, machine))
        rules.remove_arch(binding.system_arch())
    rules.set_attr(binding.Attr.ACT_BADARCH, binding.KILL_PROCESS)
    _sort_as_tree(binding, rules)

    def add(action: int, name: str, *arguments: Any) -> None:
        number = call_number(binding, name)
        if number >= 0:
            rules.add_rule(action, number, *arguments)

    for name in allowed_calls(keeps_id):
        add(binding.ALLOW, name)
    for rule in checked_calls(graphics):
        add(binding.ALLOW, rule.call, *_comparisons(binding, rule))
    absent = binding.ERRNO(errno.ENOSYS)
    for name in absent_calls():
        add(absent, name)
    for rule in pretended_calls():
        add(binding.ERRNO(0), rule.call, *_comparisons(binding, rule))
    for rule, number in unsuitable_calls():
        add(binding.ERRNO(number), rule.call, *_comparisons(binding, rule))
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        rules.export_bpf(file)
        file.seek(0)
        return _newer_are_absent(absent) + file.read()


def install(program: bytes) -> None:
    """Apply a filter permanently to this process, with all its threads and later children.

    This has to be the last layer: the filter refuses changing the uid, and another filter.

    Args:
        program: from `build_program`.

    Raises:
        OSError: the kernel refuses; the filter is not installed.
    """
    forbid_new_privileges()
    call = _SECCOMP.get(os.uname().machine)
    if call is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), "seccomp")
    filter_program = _Program(len(program) // _INSTRUCTION.size, program)
    result = syscall(call, _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(filter_program))
    if result > 0:  # the id of a thread that has another filter
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), "seccomp")
    if result:
        raise last_error("seccomp")


def _sort_as_tree(binding: Any, rules: Any) -> None:
    """Let the kernel find a call's rules by binary search instead of checking them one by one."""
    try:
        rules.set_attr(binding.Attr.CTL_OPTIMIZE, _TREE)
    except (AttributeError, OSError):
        pass  # before libseccomp 2.5: the same, slower


def _comparisons(binding: Any, rule: Rule) -> list[Any]:
    return [binding.Arg(which, binding.MASKED_EQ, mask, value) for which, mask, value in rule.tests]


def _newer_are_absent(action: int) -> bytes:
    """Return the first instructions: ENOSYS for all numbers above the highest allowed one.

    x86-64 once used the numbers 512 to 547 for calls that libseccomp knows by other numbers; they
    also get ENOSYS. Numbers with the x32 bit reach the other rules, which kill the process.
    """
    load_number, if_greater, if_at_least, answer = 0x20, 0x25, 0x35, 0x06
    return b"".join(
        _INSTRUCTION.pack(*fields)
        for fields in (
            (load_number, 0, 0, 0),
            (if_greater, 0, 2, NEWEST),
            (if_at_least, 1, 0, _X32_BIT),
            (answer, 0, 0, action),
        )
    )


def call_number(binding: Any, name: str) -> int:
    """Return a call's number; -1 if its name is unknown, less if this machine lacks the call."""
    number = int(binding.resolve_syscall(binding.Arch.NATIVE, name))
    return NUMBERS.get(name, -1) if number == -1 else number


def libseccomp() -> Any:
    """Return Python's binding of libseccomp, if filters can be built and installed here.

    Raises:
        SeccompMissing: they cannot.
    """
    try:
        binding = _imported()
        api, machine = binding.get_api(), binding.system_arch()
    except ImportError:
        raise SeccompMissing("the Python package pyseccomp is not installed") from None
    except (AttributeError, NotImplementedError, OSError, RuntimeError) as error:
        raise SeccompMissing(f"the library libseccomp is missing or too old ({error})") from error
    if machine not in (binding.Arch.X86_64, binding.Arch.AARCH64):
        raise SeccompMissing("the filter is written for x86-64 and arm64 only")
    if api < _LEAST_API:
        raise SeccompMissing("the kernel has no seccomp filters, or too old ones")
    return binding


def _imported() -> Any:
    """Import the binding without the slow programs by which it would search for its libraries."""
    usual = ctypes.util.find_library
    ctypes.util.find_library = lambda name: LIBRARIES.get(name) or usual(name)
    try:
        return importlib.import_module("pyseccomp")
    except OSError:  # the libraries have other names here
        ctypes.util.find_library = usual
        return importlib.import_module("pyseccomp")
    finally:
        ctypes.util.find_library = usual
