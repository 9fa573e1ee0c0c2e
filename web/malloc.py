"""glibc's malloc: settings and a call with which freed buffers go back to the system."""

import ctypes

# Parameters of mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
# Buffers above this size go back to the system when they are freed. By default glibc raises this
# threshold each time that a large buffer is freed. A chunk of Zarr, and what MongoDB sends for one,
# are below it: to get their pages anew for each request takes a quarter of its processor time.
LARGE_BYTES = 3 * 1024**2
# How many free bytes may stay at the end of the heap.
KEPT_BYTES = 8 * 1024**2
# By default there are several arenas a processor, and each keeps the memory of its largest upload.
ARENAS = 2


_libc = ctypes.CDLL(None)


def configure() -> None:
    """Apply the settings to this process and those that it forks. Do nothing without glibc."""
    if not hasattr(_libc, "mallopt"):
        return
    _libc.mallopt(_ARENA_MAX, ARENAS)
    _libc.mallopt(_MMAP_THRESHOLD, LARGE_BYTES)
    _libc.mallopt(_TRIM_THRESHOLD, KEPT_BYTES)


def trim() -> None:
    """Give all free pages back, also those between buffers in use. Do nothing without glibc.

    It takes some milliseconds, and the next buffers have to get their pages anew.
    """
    if hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(0)
