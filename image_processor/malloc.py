"""Settings of glibc's malloc, so that freed buffers go back to the system."""

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


def give_back() -> None:
    """Apply the settings to this process and those that it forks. Do nothing without glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(_ARENA_MAX, ARENAS)
    mallopt(_MMAP_THRESHOLD, LARGE_BYTES)
    mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
