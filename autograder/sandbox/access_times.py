"""Hide file access times from workers, which would otherwise be a side channel.

The kernel records when a file was last read or a folder last listed, and this time is visible even
without read permission. A worker that has seen hidden inputs could encode them by the files that it
opens, for another worker of the same submission whose output a student reads.
"""

import os
import time

_TEN_YEARS = 10 * 365 * 24 * 3600


def note_no_reading(folder: str) -> None:
    """Keep the kernel from recording reads of one of our folders and its content, if possible.

    Most file systems are mounted with `relatime`: an access time is updated only if it is older
    than the last change, or than a day. So it is set to a time in the future.
    """
    later = time.time_ns() + _TEN_YEARS * 10**9
    for place, _, files in os.walk(folder):
        for path in (place, *(os.path.join(place, name) for name in files)):
            os.utime(path, ns=(later, os.stat(path).st_mtime_ns))
