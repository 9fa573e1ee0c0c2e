"""The memory that all requests of a process may take together for their large buffers."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from django.conf import settings

from web.errors import BudgetExhausted, TooLargeForBudget

PATIENCE_SECONDS = 1.0


class ByteBudget:
    """``limit`` bytes, of which each request reserves what it needs in the worst case."""

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
    def reserve(self, nbytes: int, what: str) -> Iterator[None]:
        """Hold ``nbytes`` until the end of the ``with`` block; reserve once for all buffers.

        ``what`` begins the message where it can never fit: what needs the memory, and what to
        narrow ("a picture of 9900 x 9900 pixels; ask for a smaller height or width").

        Raises TooLargeForBudget when it is more than the limit, and BudgetExhausted when others
        have not given back enough of it in PATIENCE_SECONDS.
        """
        if nbytes > self.limit:
            raise TooLargeForBudget(what, nbytes, self.limit)
        with self._changed:
            if not self._changed.wait_for(
                lambda: self._reserved + nbytes <= self.limit, self._patience_seconds
            ):
                raise BudgetExhausted("other requests hold the memory; try again in some seconds")
            self._reserved += nbytes
        try:
            yield
        finally:
            with self._changed:
                self._reserved -= nbytes
                self._changed.notify_all()


budget = ByteBudget(settings.MEMORY_BUDGET_BYTES)
