"""Units as files write them."""

import re
from collections.abc import Sequence

from tables import units
from tables.units import ANGLES, DEGREES, METRES

# Units of length that only logs have, and how many metres they are.
_RARE_LENGTHS = {
    "km": ("km", 1000.0), ".1in": ("0.1 in", 0.00254), "0.1in": ("0.1 in", 0.00254),
    "0.5mm": ("0.5 mm", 0.0005),
}  # fmt: skip
_NO_UNIT = {
    "", "-", "--", "---", "_", ".", "none", "nounit", "unitless", "dimensionless", "n/a", "na",
    "nan", "null", "unknown", "unkn", "undefined", "[]", "()",
}  # fmt: skip
# Also the degree sign as it looks when it is read in a wrong encoding.
_DEGREES = {*ANGLES["deg"], "¡", "ø", "\ufffd", "â°"}
_RADIANS = {*ANGLES["rad"]}
AXIS_UNITS = (
    *_DEGREES, *_RADIANS, "us", "µs", "μs", "usec", "ms", "msec", "ns", "sec", "hz", "khz",
)  # fmt: skip
_RARE_AXES = {"kev", "mev", "um", "µm", "μm", "nm", "v", "mv"}


def length_unit(text: str) -> tuple[str, float] | None:
    """The usual name of a unit of length, and how many metres it is; None for any other unit."""
    if unit := units.length_unit(text):
        return unit, METRES[unit]
    return _RARE_LENGTHS.get(re.sub(r"[\s_]+", "", text[:20].strip("'\"").lower()))


def unit_of(text: str) -> str:
    """A unit without the brackets and quotes around it; empty for words such as "none"."""
    told = text.strip().strip("'\"").strip()
    if len(told) > 1 and told[0] + told[-1] in ("[]", "()", "{}", "<>"):
        told = told[1:-1].strip()
    none = re.sub(r"[\s_-]+(?=\w)", "", told.lower())
    return "" if none in _NO_UNIT or none.startswith("unnamed:") else told


def is_unit_of_axis(unit: str) -> bool:
    """Whether an axis of an array may be in this unit: of angles, times, lengths, …"""
    return unit.lower() in AXIS_UNITS or unit.lower() in _RARE_AXES or bool(length_unit(unit))


def is_angle(unit: str) -> bool:
    """Whether a unit is one of angles."""
    return unit.lower() in _DEGREES or unit.lower() in _RADIANS


def degrees(places: Sequence[float], unit: str) -> tuple[float, ...]:
    """Angles in degrees; those without a unit are in degrees too, or in tenths of degrees where
    they go beyond a turn."""
    if unit.lower() in _RADIANS:
        return tuple(value * DEGREES["rad"] for value in places)
    tenths = not unit and max(places) > 361
    return tuple(value / 10 if tenths else value for value in places)
