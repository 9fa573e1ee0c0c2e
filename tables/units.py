"""Units of lengths and angles, as files and people write them."""

import math
import re
from types import MappingProxyType

# In metres, exactly; foot and inch are the international ones.
METRES = MappingProxyType({"m": 1.0, "cm": 0.01, "mm": 0.001, "ft": 0.3048, "in": 0.0254})
DEGREES = MappingProxyType({"deg": 1.0, "rad": 180 / math.pi, "gon": 0.9})
DEPTH_UNITS = ("m", "ft")
_LENGTHS = {
    "m": (
        *("m", "meter", "meters", "metre", "metres", "mt", "mtr", "mtrs"),
        *("м", "метр", "метры", "метров", "метер", "米"),
    ),
    "cm": ("cm", "centimeter", "centimeters", "centimetre", "centimetres"),
    "mm": ("mm", "millimeter", "millimeters", "millimetre", "millimetres"),
    "ft": ("ft", "f", "foot", "feet", "'", "фут", "ftus", "usft"),
    "in": ("in", "inch", "inches", "ins", '"'),
}
ANGLES = {
    "deg": ("deg", "dega", "degree", "degrees", "degs", "°", "º"),
    "rad": ("rad", "radian", "radians"),
    "gon": ("gon", "gons", "grad", "grads", "gradian", "gradians"),
}
_LENGTH_OF = {name: unit for unit, names in _LENGTHS.items() for name in names}
_ANGLE_OF = {name: unit for unit, names in ANGLES.items() for name in names}
# A unit of depth may end with the path and the datum of the depths: ``m MD``, ``ftRKB``.
_ALONG_HOLE = re.compile(
    r"(?:md|ah|d?rkb|b?rt|b?kb|b?df|b?gl|bgs|bls|b?toc|w?b?sf|wmsf|lsf|b?rf)+$"
)
# A unit of azimuths may end with the north that they count from: ``deg GN``.
_FROM_NORTH = re.compile(r"[\s_]+(?:[gtm]n|grid|true|mag|magnetic|north)$")
# Longer texts are no units. Patterns would take quadratic time to find that out.
MAX_UNIT_CHARACTERS = 30


def length_unit(text: str | None) -> str | None:
    """The unit that ``text`` names, as a key of METRES; None for what is no length."""
    if text is None or len(text) > MAX_UNIT_CHARACTERS:
        return None
    told = re.sub(r"[\s._]+(?!\d)", "", text).lower()
    return _LENGTH_OF.get(told) or _LENGTH_OF.get(_ALONG_HOLE.sub("", told.strip("'\"")))


def depth_unit(text: str | None) -> str | None:
    """The unit of depth that ``text`` names, one of DEPTH_UNITS; None for any other text."""
    unit = length_unit(text)
    return unit if unit in DEPTH_UNITS else None


def angle_unit(text: str | None) -> str | None:
    """The unit that ``text`` names, as a key of DEGREES; None for what is no angle."""
    if text is None or len(text) > MAX_UNIT_CHARACTERS:
        return None
    return _ANGLE_OF.get(_FROM_NORTH.sub("", text.strip().lower()).strip("."))


def factor(unit: str, other: str) -> float:
    """The factor from a length in ``unit`` to one in ``other``; both are keys of METRES."""
    return METRES[unit] / METRES[other]
