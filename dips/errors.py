"""Errors of picks. Their HTTP statuses are in ``dips.api.problems``."""

from collections.abc import Mapping, Sequence
from typing import Any

from web.errors import Fault, RequestError


class PointsInsufficient(RequestError):
    """The points do not determine a plane."""


class DipNotFound(RequestError):
    """There is no such pick."""


class DipChanged(RequestError):
    """The pick has been changed since the client read it.

    ``yours`` is the version that the request names, None where there never was one; ``current`` is
    the version that there is.
    """

    def __init__(self, yours: Mapping[str, Any] | None, current: Mapping[str, Any]) -> None:
        self.yours, self.current = yours, current
        super().__init__(f"the pick has been changed; it is revision {current['revision']} now")


class TooManyDips(RequestError):
    """More picks match than one answer can be made from."""


class InvalidDips(RequestError):
    """A file of picks has faults; nothing of it is kept. ``faults`` are the first of ``total``."""

    def __init__(self, faults: Sequence[Fault], total: int) -> None:
        self.faults, self.total = faults, total
        more = f" and {total - 1} more" if total > 1 else ""
        super().__init__(f"{faults[0]}{more}")
