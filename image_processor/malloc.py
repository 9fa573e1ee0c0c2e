"""How the processes of the service get memory from the system and give it back."""

import ctypes

# Of mallopt(3), which has no other names for programs that are not C.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
# Larger buffers, as those of pictures are, go back to the system as soon as they are free. Without
# this, glibc keeps ever larger ones once one of them was freed.
LARGE_BYTES = 1024**2
# What may stay at the end of the heap.
KEPT_BYTES = 4 * 1024**2
# With threads that come and go, each arena would keep the memory of its largest upload.
ARENAS = 2


def give_back() -> None:
    """Have this process, and those that it forks, give memory back. Without glibc do nothing."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    mallopt(_ARENA_MAX, ARENAS)
    mallopt(_MMAP_THRESHOLD, LARGE_BYTES)
    mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
