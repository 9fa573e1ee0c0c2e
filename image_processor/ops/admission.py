"""How many requests are answered at once; those beyond are refused, not queued."""

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


class Slots:
    """``count`` slots for all requests, and PROBE_SLOTS more for probes."""

    def __init__(self, count: int) -> None:
        self._general = BoundedSemaphore(count)
        self._probes = BoundedSemaphore(PROBE_SLOTS)

    def take(self, path: str) -> Callable[[], None] | None:
        """Take a slot for a request and return what gives it back; None where none is free."""
        if path in LIVENESS:
            return _nothing
        if path in PROBES and self._probes.acquire(blocking=False):
            return self._probes.release
        if self._general.acquire(blocking=False):
            return self._general.release
        return None


def _nothing() -> None:
    """What gives back a slot that was not needed."""
