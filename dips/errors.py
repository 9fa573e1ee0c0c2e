"""Errors of picks. Their HTTP statuses are in ``dips.api.problems``."""

from collections.abc import Mapping
from typing import Any

from web.errors import FaultyFile, RequestError


class PointsInsufficient(RequestError):
    """The points do not determine a plane; the detail says what is missing."""


class DipNotFound(RequestError):
    """There is no such pick."""


class DipChanged(RequestError):
    """The pick has another revision than ``If-Match`` says. ``versions`` has ``yours``, which is
    that revision or null, and ``current``.
    """

    def __init__(self, yours: Mapping[str, Any] | None, current: Mapping[str, Any]) -> None:
        self.yours, self.current = yours, current
        super().__init__(f"the pick has been changed; it is revision {current['revision']} now")


class TooManyDips(RequestError):
    """More picks match than one answer can use."""


class InvalidDips(FaultyFile):
    """The file of picks has faults, listed in ``errors``; nothing of it is kept."""
