"""What can be wrong with a pick or with a request for one; HTTP is decided elsewhere."""


class DipError(Exception):
    """The request cannot be fulfilled; the message says why, in a sentence for its sender."""


class PointsInsufficient(DipError):
    """The points leave the plane undetermined."""
