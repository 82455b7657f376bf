"""The worker lowers every limit of its own, so that no branch can begin.

Earns: 2
Class: 7 14
Repeat: without root
"""

import contextlib
import resource

for what, value in (
    (resource.RLIMIT_NPROC, 0),
    (resource.RLIMIT_NOFILE, 8),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_STACK, 2**16),
    (resource.RLIMIT_AS, 2**27),
    (resource.RLIMIT_CPU, 2),
):
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(what, (value, value))
