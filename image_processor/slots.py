"""How many requests are answered at once; those beyond are refused, not queued."""

from collections.abc import Callable
from threading import BoundedSemaphore

# Answered whatever else goes on.
LIVENESS = {"/healthz", "/healthz/"}
# They ask MongoDB, but must answer while all others wait for it.
PROBES = {"/readyz", "/readyz/", "/metrics", "/metrics/"}


class Slots:
    """``count`` slots for all requests, and one more for probes."""

    def __init__(self, count: int) -> None:
        self._general = BoundedSemaphore(count)
        self._probe = BoundedSemaphore(1)

    def take(self, path: str) -> Callable[[], None] | None:
        """Take a slot for a request and return what gives it back; None where none is free."""
        if path in LIVENESS:
            return _nothing
        if self._general.acquire(blocking=False):
            return self._general.release
        if path in PROBES and self._probe.acquire(blocking=False):
            return self._probe.release
        return None


def _nothing() -> None:
    """What gives back a slot that was not needed."""
