"""Query parameters of wells: how each is read, and what the docs say of it."""

from web import parameters
from web.errors import InvalidParameter
from web.parameters import MAX_WELL_CHARACTERS, PAGE, TEXT, Parameter
from wells.units import DEPTH_UNITS, length_unit


def _search(name: str, text: str) -> str:
    return parameters.name(name, text, MAX_WELL_CHARACTERS)


def _depth_unit(name: str, text: str) -> str:
    unit = length_unit(text)
    if unit not in DEPTH_UNITS:
        raise InvalidParameter(name, text, f"allowed: {', '.join(DEPTH_UNITS)}")
    return str(unit)


LIST = (
    Parameter("search", "Only wells with this in their name.", "?search=F-4", _search, TEXT),
    *PAGE,
)
SURVEY = (Parameter.depth("depth", "A depth along the hole.", "?depth=500"),)
PUT_SURVEY = (
    Parameter(
        "depth_unit",
        "The unit of the depths, where the file does not say; that of the well, where it differs,"
        " to have them converted.",
        "?depth_unit=m",
        _depth_unit,
        {**TEXT, "enum": [*DEPTH_UNITS]},
    ),
)
