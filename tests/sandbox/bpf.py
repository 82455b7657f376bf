"""What the kernel makes of a seccomp filter: the instructions that libseccomp writes, in Python.

So the filter of a machine that is not at hand can be tried, and one of this machine with calls that
would be dangerous to make.
"""

import struct

_ARCHITECTURES = {"X86_64": 0xC000_003E, "AARCH64": 0xC000_00B7, "I386": 0x4000_0003}
_INSTRUCTION = struct.Struct("=HBBI")
_LOAD, _AND, _JUMP, _RETURN = 0x20, 0x54, 0x05, 0x06
_CONDITIONS = {
    0x15: lambda a, k: a == k,
    0x25: lambda a, k: a > k,
    0x35: lambda a, k: a >= k,
    0x45: lambda a, k: bool(a & k),
}
_ALLOW, _ERRNO, _KILL_PROCESS = 0x7FFF_0000, 0x0005_0000, 0x8000_0000


def read(program):
    """The instructions of a program."""
    return list(_INSTRUCTION.iter_unpack(program))


def outcome(instructions, machine, number, *arguments):
    """What comes of a call: "allow", "kill", or the number of the error that it gives."""
    words = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack(
        "<IIQ6Q", number & 0xFFFF_FFFF, _ARCHITECTURES[machine], 0,
        *(word & 0xFFFF_FFFF_FFFF_FFFF for word in words),
    )  # fmt: skip
    a, place = 0, 0
    while True:
        code, if_true, if_false, k = instructions[place]
        place += 1
        if code == _LOAD:
            (a,) = struct.unpack_from("<I", data, k)
        elif code == _AND:
            a &= k
        elif code == _JUMP:
            place += k
        elif code in _CONDITIONS:
            place += if_true if _CONDITIONS[code](a, k) else if_false
        elif code == _RETURN:
            return _named(k)
        else:
            raise AssertionError(f"an instruction that libseccomp does not write: {code:#x}")


def _named(action):
    if action == _ALLOW:
        return "allow"
    if action == _KILL_PROCESS:
        return "kill"
    assert action & 0xFFFF_0000 == _ERRNO, hex(action)
    return action & 0xFFFF
