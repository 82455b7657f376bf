"""Tools of the attacks; travels in each submission as shapes/tools.py.

The runner fills in what stands between @ signs: an attacker who knows where everything lies.
Nothing here runs for long by itself: loops end, sizes are bounded.
"""

import contextlib
import ctypes
import gc
import hashlib
import os
import stat
import struct
import sys
import time

MARK = "@MARK@"  # in the name of every file and process that an attack makes
RESULTS = "@RESULTS@"
COURSE = "@COURSE@"
SUBMISSIONS = "@SUBMISSIONS@"
KEY = int("@KEY@")
SEED_KEY_SHA256 = "@SEED_KEY_SHA256@"
SEED_KEYS = (f"{RESULTS}/seed.key", f"{COURSE}/../seed.key", f"{COURSE}/seed.key")
GRADER_UID = int("@GRADER_UID@")
TEST_RUN = int("@TESTRUN@")
NOTHING_FOUND = (
    "the attack has missed its target"  # the runner takes it for an attack without effect
)

LIBC = ctypes.CDLL(None, use_errno=True)
X86 = os.uname().machine == "x86_64"


def until(seconds):
    """Loop for some seconds, then end."""
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        yield


def sockets():
    """Descriptors of this process that are sockets: the wire is among them."""
    found = []
    for number in range(3, 256):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                found.append(number)
    return found


def raw(data):
    """Write bytes to the wire."""
    for number in sockets():
        view = memoryview(data)
        while view:
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(number, view) :]


def frame(tree, buffers=(), sizes=None):
    """Make a frame as the worker would."""
    import msgpack

    head = msgpack.packb([tree, sizes if sizes is not None else [len(b) for b in buffers]])
    return struct.pack("<4sI", b"AGW1", len(head)) + head + b"".join(buffers)


def forge(tree, buffers=(), sizes=None):
    """Send a forged frame in the place of the next answer."""
    from autograder.sandbox.channel import Channel

    send = Channel.send

    def swallow(self, *_, **__):
        Channel.send = send

    Channel.send = swallow
    raw(frame(tree, buffers, sizes))


def silence():
    """Wait to be ended: what this process says from here on would come out of turn."""
    for _ in until(20):
        time.sleep(0.05)
    os._exit(0)


def worker_job():
    """What the worker was told, from the frames above."""
    level = sys._getframe()
    while level is not None:
        for value in list(level.f_locals.values()):
            if type(value).__name__ == "WorkerSpec":
                return value
        level = level.f_back
    raise LookupError(NOTHING_FOUND)


def all_objects():
    """Every object that the collector knows, also those that were set apart before a fork."""
    gc.unfreeze()
    return gc.get_objects()


def replace_operation(name, function):
    """Do something else when the judge asks the object server for an operation."""
    servers = [one for one in all_objects() if type(one).__name__ == "ObjectServer"]
    if not servers:
        raise LookupError(NOTHING_FOUND)
    for server in servers:
        server._operations[name] = function


def parent_of(process):
    """The parent of a process, or 0."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def worker():
    """The process that loaded the submission, and began a session; this one, or what forked it."""
    return os.getsid(0)


def children_of(process):
    """The children of a process, as far as the kernel tells."""
    with contextlib.suppress(OSError), open(f"/proc/{process}/task/{process}/children") as file:
        return [int(child) for child in file.read().split()]
    return []


def family():
    """The submission's own processes: the one that loaded it, and its branches."""
    return {os.getpid(), worker(), *children_of(worker())}


def graders():
    """Processes of the grader: the zygote, what started it, and the judges below that."""
    zygote = os.getppid() if worker() == os.getpid() else parent_of(worker())
    above = parent_of(zygote)
    found = [process for process in (zygote, above) if process > 1 and process != TEST_RUN]
    if above > 1:
        found += children_of(above)
    return [process for process in dict.fromkeys(found) if process not in (os.getpid(), TEST_RUN)]


def syscall(number, *arguments):
    """A system call by its number; returns its result, raises OSError."""
    ctypes.set_errno(0)
    values = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    LIBC.syscall.restype = ctypes.c_long
    result = LIBC.syscall(ctypes.c_long(number), *values)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def works(act):
    """Whether something forbidden can be done."""
    try:
        act()
    except Exception:
        return False
    return True


def is_seed_key(data):
    """Whether something is the key of the seeds, as text or as bytes."""
    texts = (data, bytes(data).hex().encode()) if len(data) <= 64 else ()
    return any(hashlib.sha256(text).hexdigest() == SEED_KEY_SHA256 for text in texts)


def answer(x, act):
    """The right answer if something forbidden can be done, and the wrong one if not."""
    return x * x if works(act) else 2 * x


def daemon(work, seconds=20):
    """Run `work` in a process that has left its session and its parent."""
    if os.fork():
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    with contextlib.suppress(BaseException):
        LIBC.prctl(15, MARK[:15].encode(), 0, 0, 0)
        stop = time.monotonic() + seconds
        work(lambda: time.monotonic() < stop)
    os._exit(0)
