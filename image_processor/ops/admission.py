"""Admission: a limit on concurrent requests. Some requests above it wait, others are refused.

They wait because Zarr readers send about ten requests at once and do not repeat one after a 503.
"""

from collections.abc import Callable
from threading import BoundedSemaphore

from image_processor import static_files

# Always admitted.
LIVENESS = {"/healthz", "/healthz/"}
# They query MongoDB, but must answer while all other requests wait for it.
PROBES = {"/readyz", "/readyz/", "/metrics", "/metrics/"}
# They cost next to nothing, and a page without one of its scripts does not work.
STATIC = f"/{static_files.PREFIX}"
# nginx asks here before each request that writes. Only that request is logged and throttled.
AUTHORIZE = "/authorize"
# One for a readiness probe and one for a scrape.
PROBE_SLOTS = 2
# How many requests may wait for a slot, each in its own thread, and for how long.
WAITING = 32
PATIENCE_SECONDS = 0.5


class Admission:
    """``count`` slots for all requests, and PROBE_SLOTS more for probes."""

    def __init__(self, count: int) -> None:
        self._general = BoundedSemaphore(count)
        self._probes = BoundedSemaphore(PROBE_SLOTS)
        self._waiting = BoundedSemaphore(WAITING)

    def admit(self, path: str) -> Callable[[], None] | None:
        """Take a slot for a request to ``path`` and return the function that releases it.

        Return None if no slot becomes free in PATIENCE_SECONDS, or if WAITING requests wait.
        """
        if path in LIVENESS or path.startswith(STATIC):
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
    """Release nothing: the request needed no slot."""
