"""A function in a process of its own, for what cannot be taken back: filters, limits, user ids."""

import json
import os
import signal

PLAIN_UID = 54321


def in_child(function, uid=None):
    """What a function returns in a forked child, or how it ended.

    Args:
        function: returns something that JSON can hold.
        uid: the user that the child becomes first; None changes nothing.

    Returns:
        What the function returned, the text of the exception it raised, or the name of the signal
        that killed the child.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if uid is not None:
                os.setgroups([])
                os.setresgid(uid, uid, uid)
                os.setresuid(uid, uid, uid)
            os.write(writing, json.dumps(function()).encode())
        except BaseException as error:
            os.write(writing, json.dumps(repr(error)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return json.loads(said) if ended == 0 else signal.Signals(-ended).name
