"""How many requests are answered at once; some of those beyond wait a moment, others are refused.

Readers of Zarr ask for ten chunks at once, or for one a processor, and take a 503 for an error.
"""

from collections.abc import Callable
from threading import BoundedSemaphore

# Answered whatever else goes on.
LIVENESS = {"/healthz", "/healthz/"}
# They ask MongoDB, but must answer while all others wait for it.
PROBES = {"/readyz", "/readyz/", "/metrics", "/metrics/"}
# Asked by the proxy before a request that writes, which is counted and logged itself.
AUTHORIZE = "/authorize"
# Readiness and a scrape at once; and who has an answer may ask again before its slot is given back.
PROBE_SLOTS = 2
# How many requests may wait for a slot, each in a thread of its own, and for how long.
WAITING = 32
PATIENCE_SECONDS = 0.5


class Slots:
    """``count`` slots for all requests, and PROBE_SLOTS more for probes."""

    def __init__(self, count: int) -> None:
        self._general = BoundedSemaphore(count)
        self._probes = BoundedSemaphore(PROBE_SLOTS)
        self._waiting = BoundedSemaphore(WAITING)

    def take(self, path: str) -> Callable[[], None] | None:
        """Take a slot for a request and return what gives it back; None where none gets free in
        PATIENCE_SECONDS, and at once where WAITING others wait."""
        if path in LIVENESS:
            return _nothing
        if path in PROBES and self._probes.acquire(blocking=False):
            return self._probes.release
        if self._general.acquire(blocking=False) or self._waited():
            return self._general.release
        return None

    def _waited(self) -> bool:
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._general.acquire(timeout=PATIENCE_SECONDS)
        finally:
            self._waiting.release()


def _nothing() -> None:
    """What gives back a slot that was not needed."""
