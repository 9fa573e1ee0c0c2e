"""What can be wrong with a pick or with a request for one; HTTP is decided elsewhere."""

from web.errors import RequestError


class DipError(RequestError):
    """What can be wrong with a pick, or with a request for one."""


class PointsInsufficient(DipError):
    """The points leave the plane undetermined."""
