"""The notebook's process starts others all the time, so that ending a branch never comes to an end.

Those that are stopped are killed at once, and new ones are there.

Form: notebook
Earns: 4
Class: 14 16
"""

# %%
import contextlib
import os
import signal
import threading
import time

from shapes.tools import until


def keep_forking():
    running = set()
    for _ in until(20):
        with contextlib.suppress(ChildProcessError):
            child, status = os.waitpid(-1, os.WUNTRACED | os.WNOHANG)
            if child and os.WIFSTOPPED(status):
                os.kill(child, signal.SIGKILL)
            running.discard(child)
        if len(running) < 12:
            child = os.fork()
            if child == 0:
                time.sleep(2)
                os._exit(0)
            running.add(child)
        time.sleep(0.0005)


threading.Thread(target=keep_forking, daemon=True).start()
