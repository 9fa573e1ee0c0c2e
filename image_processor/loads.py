"""How many connections each worker has, in memory that they share from before they are forked.

Whichever worker wakes first takes a new connection, and that is often the same one again and
again: the few connections of a browser would keep one busy and leave the others idle.
"""

import mmap

PLACES = 1024
# By the place of the worker: its connections and one more, 0 where there is none to take any.
_loads = memoryview(mmap.mmap(-1, 4 * PLACES)).cast("i")


def tell(place: int, connections: int) -> None:
    """The worker takes connections, and has so many."""
    _loads[place] = connections + 1


def leave(place: int) -> None:
    """The worker takes none: it stops, has ended, or has all that it may have."""
    _loads[place] = 0


def another_has_fewer(place: int, connections: int) -> bool:
    """Whether a new connection is for another worker than the one of ``place``."""
    others = _loads[:place].tolist() + _loads[place + 1 :].tolist()
    return any(load <= connections for load in filter(None, others))
