"""Have nobody find out which of the files that workers are given have been read.

The kernel notes when a file was last read or a folder last listed, and who may not read it can see
that, too. A worker that has seen hidden inputs could spell them by the files that it opens, for one
of the same submission whose words a student reads.
"""

import os
import time

_TEN_YEARS = 10 * 365 * 24 * 3600


def note_no_reading(folder: str) -> None:
    """Have the kernel note no reading of a folder of ours and what is in it, where it can be had.

    File systems are mostly mounted so (`relatime`) that a time of reading is written anew only if
    it is older than the last change, or than a day. So it is set to one that is yet to come.
    """
    later = time.time_ns() + _TEN_YEARS * 10**9
    for place, _, files in os.walk(folder):
        for path in (place, *(os.path.join(place, name) for name in files)):
            os.utime(path, ns=(later, os.stat(path).st_mtime_ns))
