"""Errors of wells. Their HTTP statuses are in ``wells.api.problems``."""

from web.errors import Fault, FaultyFile, RequestError


class WellNotFound(RequestError):
    """There is no such well."""


class SurveyMissing(RequestError):
    """The well has no survey."""


class WellChanged(RequestError):
    """Others change the well at the same time, again and again."""


class TableTooLarge(FaultyFile):
    """A table has longer lines, more lines or more columns than any survey or list of picks."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__([Fault(line, None, None, reason)])


class InvalidSurvey(FaultyFile):
    """The survey has a fault; the one before stays."""


class UnitsDiffer(RequestError):
    """The file has another unit of depth than the well; ``depth_unit`` has it converted."""
