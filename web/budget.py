"""Limits of memory: a budget for the large buffers of all requests of a process, and caches."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Any

from cachetools import LRUCache
from django.conf import settings

from web import malloc
from web.errors import BudgetExhausted, TooLargeForBudget

PATIENCE_SECONDS = 1.0
# Before a reservation of this size, what earlier requests left goes back to the system: it would
# come on top of the budget.
LARGE_BYTES = 16 * 1024**2
# A body from this size on is reserved until it is sent. The number of threads bounds smaller ones;
# the caches of bodies hold none that is larger.
LASTING_BYTES = 1024**2


class Reservation:
    """Bytes of a budget, until ``release`` or until nothing refers to it any more."""

    def __init__(self, nbytes: int, give_back: Callable[[int], None]) -> None:
        self._nbytes = nbytes
        self._give_back = give_back

    def release(self) -> None:
        """Give the bytes back; a second time does nothing."""
        nbytes, self._nbytes = self._nbytes, 0
        if nbytes:
            self._give_back(nbytes)

    __del__ = release

    def lasting(self, body: bytes) -> "Reservation | None":
        """Split off the bytes that ``body`` takes until it is sent; None for a small body."""
        if len(body) < LASTING_BYTES:
            return None
        part = min(len(body), self._nbytes)
        self._nbytes -= part
        return Reservation(part, self._give_back)


class ByteBudget:
    """A budget of ``limit`` bytes. Each request reserves the worst case of what it needs."""

    def __init__(self, limit: int, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self.limit = limit
        self._patience_seconds = patience_seconds
        self._reserved = 0
        self._changed = Condition()

    @property
    def reserved(self) -> int:
        """How many bytes are reserved now."""
        return self._reserved

    @contextmanager
    def reserve(self, nbytes: int, what: str) -> Iterator[Reservation]:
        """Reserve ``nbytes`` for the ``with`` block. A request reserves once, for all its buffers.
        What is split off by ``lasting`` outlives the block.

        ``what`` starts the message of TooLargeForBudget: what needs the memory, and what to narrow
        ("a picture of 9900 x 9900 pixels; ask for a smaller height or width").

        Raises TooLargeForBudget if ``nbytes`` exceeds the limit, and BudgetExhausted if other
        requests do not release enough in PATIENCE_SECONDS.
        """
        if nbytes > self.limit:
            raise TooLargeForBudget(what, nbytes, self.limit)
        with self._changed:
            if not self._changed.wait_for(
                lambda: self._reserved + nbytes <= self.limit, self._patience_seconds
            ):
                raise BudgetExhausted("other requests hold the memory; try again in some seconds")
            self._reserved += nbytes
        held = Reservation(nbytes, self._give_back)
        if nbytes >= LARGE_BYTES:
            malloc.trim()
        try:
            yield held
        finally:
            held.release()

    def _give_back(self, nbytes: int) -> None:
        with self._changed:
            self._reserved -= nbytes
            self._changed.notify_all()


budget = ByteBudget(settings.MEMORY_BUDGET_BYTES)


def reserved(nbytes: int, what: str, make: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    """The body that ``make`` makes. Its memory is reserved at once, and until all of it is sent or
    the response is closed.

    The first piece is made at once, too: what fails until then can still be answered with an error.
    Raises as ``ByteBudget.reserve`` and ``make`` do.
    """

    def pieces() -> Iterator[bytes]:
        with budget.reserve(nbytes, what):
            made = iter(make())
            first = next(made, b"")
            yield b""
            yield first
            yield from made

    body = pieces()
    next(body)  # begins it: closing a generator that has not begun does nothing
    return body


def bounded_cache(nbytes: int, size: Callable[[Any], int]) -> LRUCache[Any, Any]:
    """An LRU cache of ``nbytes``. ``size`` returns the bytes of a value. Callers must lock it.

    A value larger than an eighth of the cache is not kept, since it would evict too many others.
    """
    return LRUCache(nbytes, lambda value: n if (n := size(value)) <= nbytes // 8 else nbytes + 1)
