"""tgkill, pidfd_send_signal, rt_sigqueueinfo and file owners, with a signal that does no harm.

Earns: 2
Class: 7
Repeat: without root
"""

import os
import signal

from shapes.tools import answer, graders, syscall


def send():
    for process in graders():
        for act in (
            lambda process=process: os.kill(process, 0),
            lambda process=process: syscall(234, process, process, 0),
            lambda process=process: signal.pidfd_send_signal(os.pidfd_open(process), 0),
        ):
            try:
                act()
            except OSError:
                continue
            return
    raise PermissionError


def square(x):
    return answer(x, send)
