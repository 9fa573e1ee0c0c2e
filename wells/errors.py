"""What can be wrong with a well or with a request for one; HTTP is decided elsewhere."""

from dataclasses import dataclass

from web.errors import RequestError


class WellError(RequestError):
    """What can be wrong with a well, or with a request for one."""


class WellNotFound(WellError):
    """There is no such well."""


class SurveyMissing(WellError):
    """The well has no survey."""


class WellChanged(WellError):
    """Others changed the well again and again while a change was made; trying again may help."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where in a file something is wrong, what stands there, and what is allowed."""

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
    """Depths are in another unit than those of the well, and nobody asked to convert them."""
