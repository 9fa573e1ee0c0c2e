"""Errors of wells. Their HTTP statuses are in ``wells.api.problems``."""

from web.errors import Fault, RequestError


class WellNotFound(RequestError):
    """There is no such well."""


class SurveyMissing(RequestError):
    """The well has no survey."""


class WellChanged(RequestError):
    """Others kept changing the well during a change. Trying again may help."""


class TableTooLarge(RequestError):
    """A table has longer lines, more lines or more columns than any survey or list of picks."""

    def __init__(self, line: int, reason: str) -> None:
        self.fault = Fault(line, None, None, reason)
        super().__init__(str(self.fault))


class SurveyInvalid(RequestError):
    """A survey has a fault; nothing of it is kept."""

    def __init__(self, fault: Fault) -> None:
        self.faults, self.total = [fault], 1
        super().__init__(str(fault))


class UnitsDiffer(RequestError):
    """Depths are in another unit than those of the well, and the request does not convert them."""
