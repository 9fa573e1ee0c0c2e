"""The query parameters of wells: each is read, checked and documented by one declaration."""

from collections.abc import Collection

from web import parameters
from web.errors import InvalidParameter
from web.parameters import MAX_WELL_CHARACTERS, PAGE, TEXT, Parameter, Reader
from wells.units import DEPTH_UNITS, length_unit


def _search(name: str, text: str) -> str:
    return parameters.name(name, text, MAX_WELL_CHARACTERS)


def unit(units: Collection[str]) -> Reader[str]:
    """A reader of units of length by any of their usual names."""

    def read_text(name: str, text: str) -> str:
        found = length_unit(text)
        if found is None or found not in units:
            raise InvalidParameter(name, text, f"allowed: {', '.join(units)}")
        return found

    return read_text


DEPTH_UNIT = Parameter(
    "depth_unit",
    "The unit of the depths, if the file does not say. To have depths converted, the unit of the"
    " well.",
    "?depth_unit=m",
    unit(DEPTH_UNITS),
    {**TEXT, "enum": [*DEPTH_UNITS]},
)
LIST = (
    Parameter("search", "Only wells with this in their name.", "?search=F-4", _search, TEXT),
    *PAGE,
)
SURVEY = (Parameter.depth("depth", "A depth along the hole.", "?depth=500"),)
PUT_SURVEY = (DEPTH_UNIT,)
