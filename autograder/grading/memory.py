"""Make the C library keep the memory that this process frees.

The next test needs again what one test frees. If the memory goes back to the kernel in between,
the kernel has to clear and map every page of it again, which costs a judge thousands of page faults
per submission.
"""

from autograder.sandbox.libc import libc

# Parameters of mallopt, as glibc numbers them.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 64 * 2**20
_FROM_HEAP_BYTES = 16 * 2**20  # larger arrays are rare, and are returned to the kernel at once


def keep_freed_memory() -> None:
    """Keep up to about 64 MB; do nothing if the C library lacks this setting."""
    if hasattr(libc, "mallopt"):
        libc.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
        libc.mallopt(_MMAP_THRESHOLD, _FROM_HEAP_BYTES)
