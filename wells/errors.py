"""Errors of wells. Their HTTP statuses are in ``wells.api.problems``."""

from web.errors import FaultyFile, RequestError


class WellNotFound(RequestError):
    """There is no such well."""


class AddressedByName(WellNotFound):
    """The address has the name of a well where its id ``well_id`` belongs."""

    def __init__(self, name: str, well_id: object) -> None:
        self.well_id = well_id
        super().__init__(f"a well is addressed by its id here: that of {name} is {well_id}")


class SurveyMissing(RequestError):
    """The well has no survey."""


class WellChanged(RequestError):
    """Other requests keep changing the well at the same time."""


class InvalidSurvey(FaultyFile):
    """The survey has a fault. The former survey stays."""


class UnitsDiffer(RequestError):
    """The file has another unit of depth than the well. With ``depth_unit`` its depths are
    converted."""
