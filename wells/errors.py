"""Errors of wells. Their HTTP statuses are in ``wells.api.problems``."""

from dataclasses import dataclass

from web.errors import RequestError

MAX_QUOTED_CHARACTERS = 200


class WellError(RequestError):
    """A well, or a request for one, is wrong."""


class WellNotFound(WellError):
    """There is no such well."""


class SurveyMissing(WellError):
    """The well has no survey."""


class WellChanged(WellError):
    """Others kept changing the well during a change. Trying again may help."""


def quoted(value: object) -> str:
    """A value from a file as messages quote it: not too long, and without lone surrogates."""
    return str(value).encode(errors="replace").decode()[:MAX_QUOTED_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in a file: its place, the value there, and what is allowed."""

    line: int
    column: str | None
    value: str | None
    reason: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{place}: {self.reason}"


class SurveyInvalid(WellError):
    """A survey has a fault; nothing of it is kept."""

    def __init__(self, fault: Fault) -> None:
        self.faults = [fault]
        super().__init__(str(fault))


class UnitsDiffer(WellError):
    """Depths are in another unit than those of the well, and the request does not convert them."""
