"""Have the C library keep the memory that this process frees.

What one test frees, the next one takes again. Given back to the kernel meanwhile, every page of it
has to be cleared and mapped anew, which costs a judge thousands of page faults a submission.
"""

from autograder.sandbox.libc import libc

# Parameters of mallopt, as glibc numbers them.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 64 * 2**20
_FROM_HEAP_BYTES = 16 * 2**20  # larger arrays are rare, and go back at once


def keep_freed_memory() -> None:
    """Keep up to about 64 MB; no effect where the C library has no such setting."""
    if hasattr(libc, "mallopt"):
        libc.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        libc.mallopt(_MMAP_THRESHOLD, _FROM_HEAP_BYTES)
