"""Each system call of the kernel's table is allowed with a reason, or refused when it is made.

What the filter does is tried in two ways: the calls are really made in a worker, and the program is
run by an interpreter, which can do so for both architectures and for arguments that would harm.
"""

import errno
import faulthandler
import itertools
import random
import re
import time
from functools import cache, partial
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox import seccomp, syscalls
from autograder.sandbox.client import Zygote

from . import bpf
from .test_seccomp import call, on_x86, under

pytestmark = pytest.mark.skipif(bool(seccomp.available()), reason=seccomp.available())

MACHINES = ("X86_64", "AARCH64")
VARIANTS = list(itertools.product((False, True), repeat=2))  # keeps_id, graphics
# The kernel's table ends at 471 in Linux 7.0, and x86-64 had some more from 512 on.
TABLE = range(600)
LARGER = random.Random(20261130).sample(range(600, 2**30), 1024)
ONES = 2**64 - 1
# uretprobe and uprobe of x86-64: the kernel passes them by every filter (Linux 6.14), and refuses
# them itself where its own trampoline does not make them: by SIGILL, and by ENXIO.
PAST_EVERY_FILTER = (335, 336)
REFUSED = {errno.EPERM, errno.ENOSYS}
# Copies at once: the errors after which CPython's pathlib and shutil copy piece by piece.
FICLONE = 0x4004_9409


@cache
def instructions(machine, variant):
    return bpf.read(seccomp.build_program(*variant, machine=machine))


@cache
def name_of(machine, number):
    """The kernel's name of a call; "" where libseccomp knows none."""
    binding = seccomp.libseccomp()
    known = {value: name for name, value in seccomp.NUMBERS.items()}
    try:
        name = binding.resolve_syscall(getattr(binding.Arch, machine), number)
    except (ValueError, OSError):
        name = None
    return name.decode() if name else known.get(number, "")


def argument_sets(name):
    """Arguments to try: those that the rules name, with each other bit set, and others."""
    rules = [*syscalls.checked_calls(graphics=True), *syscalls.pretended_calls()]
    rules = [rule for rule in rules if rule.call == name]
    yield from ([0] * 6, [ONES] * 6)
    if name == "ioctl":
        yield [0, FICLONE, 0, 0, 0, 0]
    for rule in rules:
        fitting = [0] * 6
        for test in rule.tests:
            fitting[test.argument] |= test.value
        yield fitting
        for test, bit in itertools.product(rule.tests, range(64)):
            other = list(fitting)
            other[test.argument] ^= 1 << bit
            yield other


def may(variant, name, arguments):
    """Whether the table allows a call, read in the plainest way."""
    keeps_id, graphics = variant
    if name in syscalls.allowed_calls(keeps_id):
        return True
    return fits(syscalls.checked_calls(graphics), name, arguments)


def fits(rules, name, arguments):
    return any(
        all(arguments[test.argument] & test.mask == test.value for test in rule.tests)
        for rule in rules
        if rule.call == name
    )


def refusals(name, arguments):
    """The errors that a call which is not allowed may give; 0 where it only seems to be made."""
    if fits(syscalls.pretended_calls(), name, arguments):
        return {0}
    if name == "ioctl" and arguments[1] % 2**32 == FICLONE:
        return {errno.EOPNOTSUPP}
    return {"sendfile": {errno.ENOTSOCK}, "copy_file_range": {errno.EXDEV}}.get(name, REFUSED)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_is_what_the_table_says(machine, variant):
    program = instructions(machine, variant)
    wrong, allowed = [], set()
    for number in TABLE:
        name = name_of(machine, number)
        for arguments in argument_sets(name):
            got = bpf.outcome(program, machine, number, *arguments)
            if may(variant, name, arguments):
                allowed.add(name)
                wrong += [] if got == "allow" else [(name, arguments, got)]
            else:
                wrong += [] if got in refusals(name, arguments) else [(name, arguments, got)]
    assert wrong == []
    assert len(allowed) > 100


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_that_no_kernel_has_yet_are_absent(machine, variant):
    program = instructions(machine, variant)
    for number in [*range(472, 600), *LARGER]:
        for arguments in ([0] * 6, [ONES] * 6):
            assert bpf.outcome(program, machine, number, *arguments) == errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_another_architecture_kill(machine):
    program = instructions(machine, VARIANTS[0])
    (other,) = set(MACHINES) - {machine}
    for architecture in (other, "I386"):
        answers = {bpf.outcome(program, architecture, number) for number in range(440)}
        assert answers == {"kill"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_x32_numbers_kill(variant):
    program = instructions("X86_64", variant)
    numbers = [*range(600), *LARGER]
    answers = {bpf.outcome(program, "X86_64", number | 2**30) for number in numbers}
    assert answers == {"kill"}


def test_every_call_that_is_allowed_has_a_reason_and_a_name():
    names = syscalls.allowed_calls()
    rules = syscalls.checked_calls(graphics=True)
    pretended = syscalls.pretended_calls()
    reasons = [*names.values(), *(rule.why for rule in (*rules, *pretended)), *syscalls.ABSENT]
    assert all(re.search("[a-zA-Z]{3}", why) for why in reasons)
    assert {rule.call for rule in rules}.isdisjoint(names)
    assert set(syscalls.absent_calls()).isdisjoint(names)
    assert {rule.call for rule in pretended}.isdisjoint(names)
    assert {name_of("X86_64", number) for number in TABLE} >= set(names)


CALLER = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
def f(numbers):
    answers = []
    for number in numbers:
        if libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6) == -1:
            answers.append(errno.errorcode[ctypes.get_errno()])
        else:
            answers.append("done")
    return answers
"""


def native():
    binding = seccomp.libseccomp()
    return "X86_64" if binding.system_arch() == binding.Arch.X86_64 else "AARCH64"


def numbers_not_allowed(*variant):
    """All numbers whose calls the table does not allow, or not with -1 for each argument."""
    spared = PAST_EVERY_FILTER if native() == "X86_64" else ()
    refused = [
        number
        for number in TABLE
        if number not in spared and not may(variant, name_of(native(), number), [ONES] * 6)
    ]
    return refused + LARGER


def test_each_call_that_is_not_allowed_is_refused_in_a_worker(make_job):
    zygote = Zygote()
    try:
        job = make_job({"shapes.py": CALLER})
        worker = zygote.open(job)
        keeps_id = worker.report.layers["uid"] != "active"
        numbers = numbers_not_allowed(keeps_id, False)
        ask = partial(worker.ask, deadline=time.monotonic() + 20)
        answers = StudentProxy(StudentConnection(ask, Path(job.folder))).shapes.f(numbers)
        worker.close()
    finally:
        zygote.close()
    assert len(numbers) > 1200
    taken = dict(zip(numbers, answers, strict=True))
    assert {
        name_of(native(), number) or number: answer
        for number, answer in taken.items()
        if getattr(errno, answer, 0) not in refusals(name_of(native(), number), [ONES] * 6)
    } == {}


def test_each_call_is_refused_that_a_worker_with_the_graders_id_may_not_make():
    numbers = numbers_not_allowed(True, False)
    program = seccomp.build_program(keeps_id=True)
    answers = under(program, lambda: [call(number, *[-1] * 6) for number in numbers])
    assert set(answers) == {"EPERM", "ENOSYS", "ENOTSOCK", "EXDEV", ""}  # "": flock seems to work


@on_x86
@pytest.mark.parametrize("number", random.Random(7).sample(range(2**30), 16))
def test_calls_by_x32_numbers_end_the_process(number):
    assert under(seccomp.build_program(), lambda: call(number | 2**30)) == "SIGSYS"


@on_x86
@pytest.mark.parametrize("number", PAST_EVERY_FILTER)
def test_calls_that_no_filter_sees_are_refused_by_the_kernel(number):
    def act():
        faulthandler.disable()
        return call(number, *[-1] * 6)

    assert under(seccomp.build_program(), act) in ("SIGILL", "ENXIO", "EPERM", "ENOSYS")
