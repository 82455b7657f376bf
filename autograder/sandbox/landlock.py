"""Close files, TCP, and signals to others for this process by Landlock, except listed paths.

Landlock is a part of Linux (5.13 and later) that any process, of root or of a plain user, may use
to give up rights permanently. Its ABI number says which rights a kernel knows. Rights that a kernel
does not know stay open, so the results name the ABI.

Its limits: it does not hide that a path exists (`stat` still works), and files that are already
open stay open.
"""

import errno
import mimetypes
import os
import struct
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

from autograder.sandbox.libc import forbid_new_privileges, last_error, syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on x86-64 and arm64
_ASK_FOR_ABI = 1
_RULE_BELOW_PATH = 1
_KEEP_AUDIT_LOG_QUIET = 1  # a loop of refused calls would fill it

# Rights to files, by bit: the name is the kernel's, LANDLOCK_ACCESS_FS_...
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = (1 << bit for bit in range(4))
_REMOVE_DIR, _REMOVE_FILE = (1 << bit for bit in range(4, 6))
_MAKE_CHAR, _MAKE_DIR, _MAKE_REG, _MAKE_SOCK, _MAKE_FIFO, _MAKE_BLOCK, _MAKE_SYM = (
    1 << bit for bit in range(6, 13)
)
_REFER, _TRUNCATE, _IOCTL_DEV = (1 << bit for bit in range(13, 16))
_BIND_TCP, _CONNECT_TCP = 1, 2
_ABSTRACT_UNIX_SOCKET, _SIGNAL = 1, 2

_ALL_OF_ABI_1 = (1 << 13) - 1
# (since ABI, rights to files, rights to the network, scopes)
_SINCE = (
    (1, _ALL_OF_ABI_1, 0, 0),
    (2, _REFER, 0, 0),
    (3, _TRUNCATE, 0, 0),
    (4, 0, _BIND_TCP | _CONNECT_TCP, 0),
    (5, _IOCTL_DEV, 0, 0),
    (6, 0, 0, _ABSTRACT_UNIX_SOCKET | _SIGNAL),
)
_QUIET_SINCE = 7
_RIGHTS_TO_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _READ_FILE | _READ_DIR
_COMMAND = _READ_FILE | _WRITE_FILE | _IOCTL_DEV
_WRITE = (
    _READ | _WRITE_FILE | _TRUNCATE | _REFER | _REMOVE_DIR | _REMOVE_FILE
    | _MAKE_DIR | _MAKE_REG | _MAKE_SOCK | _MAKE_FIFO | _MAKE_SYM
)  # fmt: skip

# What may always be written to, in addition to a worker's own folder.
DEFAULT_WRITE_PATHS = ("/dev/null",)

# What Python with numpy, torch or matplotlib reads outside its own folders.
_SYSTEM_PATHS = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
    "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/usr/share/locale",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/etc/fonts",
    "/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf", "/etc/crypto-policies/back-ends",
    "/dev/null", "/dev/full", "/dev/random", "/dev/urandom",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat",
    "/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu", "/sys/devices/system/node",
)  # fmt: skip
# A kernel that is short of memory drops these and creates them again, and then a rule does not
# apply to the new ones: an open descriptor keeps them.
_MADE_ANEW = "/proc/"
_LIBRARY_FOLDERS = {"site-packages", "dist-packages"}
_OF_A_PREFIX = ("lib", "lib64", "share", "etc", "ssl", "pyvenv.cfg")


def abi() -> int:
    """Return the ABI of this kernel's Landlock; 0 if it is missing or cannot be used."""
    try:
        return max(0, _call(_CREATE_RULESET, None, 0, _ASK_FOR_ABI))
    except (OSError, AttributeError):
        return 0


def restrict(
    read: Sequence[str],
    write: Sequence[str],
    listed: Sequence[str] = (),
    devices: Sequence[str] = (),
    additional: int | None = None,
) -> int:
    """Give up permanently all rights to files and TCP but these, and signals to other processes.

    This binds only the calling thread and what it starts from now on, so other threads should not
    exist yet. One descriptor, which only refers to its path, stays open for each path in `/proc`.

    Args:
        read: files and folders that may be read, with everything below them. A path that does not
            exist, or that this process cannot reach, is left out.
        write: files and folders in which everything is allowed except making device nodes.
        listed: folders whose entries, and those of all folders below, may be listed; left out as
            in `read`.
        devices: device nodes that may be opened and controlled; left out as in `read`.
        additional: a ruleset from `only_readable`, which is also applied.

    Returns:
        The ABI in use.

    Raises:
        OSError: Landlock is missing, or a path of `write` is; no right is given up.
    """
    running = _call(_CREATE_RULESET, None, 0, _ASK_FOR_ABI)
    files, network, scopes = (
        sum(rights[kind] for rights in _SINCE if rights[0] <= running) for kind in (1, 2, 3)
    )
    ruleset = _new_ruleset(files, network, scopes)
    try:
        for paths, rights, required in (
            (read, _READ, False), (write, _WRITE, True), (listed, _READ_DIR, False),
            (devices, _COMMAND, False),
        ):  # fmt: skip
            for path in paths:
                _allow(ruleset, path, rights & files, required)
        forbid_new_privileges()
        for one in (ruleset, additional):
            if one is not None:
                _call(_RESTRICT_SELF, one, _KEEP_AUDIT_LOG_QUIET if running >= _QUIET_SINCE else 0)
    finally:
        os.close(ruleset)
    return running


def only_readable(read: Sequence[str], listed: Sequence[str]) -> int:
    """Make a ruleset that allows reading only these paths, and does not restrict anything else.

    It is made once and serves every process that inherits it. Making one takes some ten
    microseconds for each rule, applying it takes almost no time.

    Args:
        read: as in `restrict`.
        listed: as in `restrict`.

    Returns:
        A descriptor, for the argument `additional` of `restrict`.

    Raises:
        OSError: Landlock is missing.
    """
    # If a ruleset does not mention REFER, moving files to another folder is forbidden.
    refer = _REFER if _call(_CREATE_RULESET, None, 0, _ASK_FOR_ABI) > 1 else 0
    ruleset = _new_ruleset(_READ | refer)
    try:
        for paths, rights in ((read, _READ), (listed, _READ_DIR), (["/"], refer)):
            for path in paths:
                _allow(ruleset, path, rights, required=False)
    except OSError:
        os.close(ruleset)
        raise
    return ruleset


def default_read_paths() -> list[str]:
    """Return the paths that Python, its standard library and installed packages need to read.

    These are only folders that contain libraries: not the current folder, the other entries of
    `sys.path`, or a whole prefix, because a virtual environment may lie in a course's folder or be
    that folder. Of an editable install of this tool, only its own package is included.

    `/proc/self` is the process that restricts itself; other processes are not included.
    """
    prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    wanted = [os.path.join(prefix, name) for prefix in prefixes for name in _OF_A_PREFIX]
    wanted += [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    wanted += [path for path in sys.path if PurePath(path).name in _LIBRARY_FOLDERS]
    wanted += [str(Path(__file__).parent.parent), *map(str, mimetypes.knownfiles), *_SYSTEM_PATHS]
    found: dict[str, str] = {}
    for path in wanted:
        if os.path.exists(path):
            found.setdefault(os.path.realpath(path), path)
    return [
        path
        for real, path in found.items()
        if not any(str(parent) in found for parent in PurePath(real).parents)
    ]


def _new_ruleset(files: int, network: int = 0, scopes: int = 0) -> int:
    attributes = struct.pack("=QQQ", files, network, scopes)
    return _call(_CREATE_RULESET, attributes, len(attributes), 0)


def _allow(ruleset: int, path: str, rights: int, required: bool) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        if required:
            raise
        return
    try:
        try:
            _add_rule(ruleset, place, rights)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            # It is a file: for files, the kernel refuses the rights that concern folders.
            _add_rule(ruleset, place, rights & _RIGHTS_TO_A_FILE)
    finally:
        if not path.startswith(_MADE_ANEW):
            os.close(place)


def _add_rule(ruleset: int, place: int, rights: int) -> None:
    if rights:  # the kernel refuses a rule without rights
        _call(_ADD_RULE, ruleset, _RULE_BELOW_PATH, struct.pack("=Qi", rights, place), 0)


def _call(number: int, *arguments: Any) -> int:
    result = syscall(number, *arguments)
    if result < 0:
        raise last_error("landlock")
    return result
