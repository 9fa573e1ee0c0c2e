"""The query parameters of wells: each is read, checked and documented by one declaration."""

from collections.abc import Collection

from tables.units import DEPTH_UNITS, length_unit
from web.errors import InvalidParameter
from web.parameters import PAGE, TEXT, Parameter


def unit(name: str, description: str, example: str, units: Collection[str]) -> Parameter[str]:
    """A unit of length by any of its usual names."""

    def read(name: str, text: str) -> str:
        found = length_unit(text)
        if found is None or found not in units:
            raise InvalidParameter(name, text, f"allowed: {', '.join(units)}")
        return found

    return Parameter(name, description, example, read, {**TEXT, "enum": [*units]})


DEPTH_UNIT = unit(
    "depth_unit",
    "The unit of the depths, if the file does not say. To have depths converted, the unit of the"
    " well.",
    "?depth_unit=m",
    DEPTH_UNITS,
)
LIST = (Parameter.text("search", "Only wells with this in their name.", "?search=F-4"), *PAGE)
SURVEY = (Parameter.depth("depth", "A depth along the hole.", "?depth=500"),)
PUT_SURVEY = (DEPTH_UNIT,)
