"""The place of a column in an array, by its name: a number, a place on an axis, or a range."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from images.ingest.names.units import AXIS_UNITS, degrees, is_angle

# Words for azimuths; one of them in a name is enough.
_ANGLES = {
    "azimuth", "azim", "azi", "az", "azimut", "azimuths", "angle", "theta", "phi", "bearing",
    "direction", "orientation", "winkel", "θ", "φ",
}  # fmt: skip
_UNIT = "|".join(map(re.escape, sorted(AXIS_UNITS, key=len, reverse=True)))
# A float64 has up to 17 digits, and programs write them all: 3 * 2.4 is 7.199999999999999.
_NUMBER = r"\d{1,9}(?:[.,]\d{1,17})?(?:[eE][+-]?\d{1,2})?"
_AXIS = re.compile(
    rf"([+-]?{_NUMBER})(?:\s*([^\W\d_]\S{{0,11}}|[°º%\ufffd¡])|_({_UNIT}))?\s*", re.I
)
# A number at the end of a name, in brackets or not, with the unit of an axis or without one.
_ALONG = re.compile(
    rf"(.{{0,80}}?)[\s_]?[\[({{<]?\s*({_NUMBER})[\s_]*({_UNIT})?\s*[\])}}>]?",
    re.I,
)
_RANGE = re.compile(
    r"(.{0,80}?)[\[(]?(\d{1,4}(?:\.\d{1,4})?)\s*(?:-|–|_|to|\.\.)\s*(\d{1,4}(?:\.\d{1,4})?)\s*"
    rf"({_UNIT})?[\])]?",
    re.I,
)
# Of several numbers in brackets the last one.
_INDEX = re.compile(
    r"(.{0,80}?)[ _]?[\[({<]\s*(\d{1,5})\s*[\])}>]((?:(?![\[({<]\s*\d{1,5}\s*[\])}>]).){0,20})"
)
_OF_MANY = re.compile(r"(.{0,80}?)(\d{1,5})\s*(?:/|of)\s*\d{1,5}", re.I)
_AT_END = re.compile(r"(.{0,80}?)(\d{1,5})")
_WITHIN = re.compile(r"(.{0,80}?)(\d{1,5})(\D{1,12})")
_POINTS = (
    *("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE"),
    *("S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"),
)
_COMPASS = re.compile(rf"(|.{{0,80}}?[\s_.-])({'|'.join(_POINTS)})")
# How far an azimuth may be from its place in even steps, as a part of a step.
_UNEVEN = 0.05


class Place(NamedTuple):
    """The number in the name of a column, which numbers the columns of an array: what stands before
    and after it, and whether it is in brackets."""

    prefix: str
    suffix: str
    number: int
    bracketed: bool


class AxisPlace(NamedTuple):
    """A place on the axis of an array, at the end of a name: what stands before the number, the
    number as it is written, and its unit."""

    prefix: str
    written: str
    unit: str

    @property
    def value(self) -> float:
        return float(self.written.replace(",", "."))


class Range(NamedTuple):
    """A range on the axis of an array, at the end of a name."""

    prefix: str
    low: float
    high: float
    unit: str


class Turn(NamedTuple):
    """How columns go around the wall: the azimuth of the first in degrees, and the direction."""

    first_azimuth: float
    clockwise: bool


def place_of(name: str) -> Place | None:
    """The number in a name, as in ``AMP[7]``, ``AMP7``, ``AMP 7 of 8``, ``S7_AMP``; else None."""
    if found := _INDEX.fullmatch(name):
        return Place(found[1].strip(), found[3].strip(), int(found[2]), True)
    if found := _OF_MANY.fullmatch(name) or _AT_END.fullmatch(name):
        return Place(found[1], "", int(found[2]), False)
    if found := _WITHIN.fullmatch(name):
        return Place(found[1], found[3], int(found[2]), False)
    return None


def axis_place(name: str) -> AxisPlace | None:
    """The place on an axis that a name ends with, as ``AMP_45deg``, ``2.5`` and ``T2 (0.3 ms)`` do;
    else None."""
    if bare := bare_axis_place(name):
        return bare
    found = _ALONG.fullmatch(name)
    return AxisPlace(found[1].strip(), found[2], found[3] or "") if found else None


def bare_axis_place(text: str) -> AxisPlace | None:
    """The place on an axis that a text is, as ``45deg`` and ``2.5`` are; else None."""
    found = _AXIS.fullmatch(text)
    return AxisPlace("", found[1], found[2] or found[3] or "") if found else None


def range_of(name: str) -> Range | None:
    """The range that a name ends with, as ``0-2.5`` and ``AMP_0-45°`` do; else None."""
    found = _RANGE.fullmatch(name)
    if not found or float(found[2]) >= float(found[3]):
        return None
    return Range(found[1].strip(" _[("), float(found[2]), float(found[3]), found[4] or "")


def tells_azimuths(name: str) -> bool:
    """Whether a name has a word for azimuths."""
    return not _ANGLES.isdisjoint(re.findall(r"[^\W\d_]+", name.lower()))


def compass_point(name: str) -> tuple[str, float] | None:
    """What stands before the point of the compass that a name ends with, and the azimuth of this
    point in degrees, as in ``GR_NE``; else None."""
    found = _COMPASS.fullmatch(name)
    return (found[1], 22.5 * _POINTS.index(found[2])) if found else None


def turn_of(places: Sequence[float], unit: str) -> Turn | None:
    """How ``places`` go around the wall once, in even steps; None where they do not.

    Without a unit they are degrees, or tenths of them. The first may stand at the end again.
    """
    if len(places) < 3 or (unit and not is_angle(unit)):
        return None
    azimuths = degrees(places, unit)
    if min(azimuths) < -181 or max(azimuths) > 361:
        return None
    steps = [(after - before) % 360 for before, after in pairwise(azimuths)]
    clockwise = steps[0] < 180
    turned = list(accumulate((s if clockwise else 360 - s for s in steps), initial=0.0))
    even = turned[-1] / len(steps)
    # Headers are often rounded or cut: 0, 2, 5, 7, 10 for steps of 2.5.
    rounding = next((1.01 / 10**d for d in range(4) if all(round(v, d) == v for v in places)), 0.0)
    allowed = max(_UNEVEN * even, *degrees([rounding], unit))
    if 0 in steps or any(abs(at - i * even) > allowed for i, at in enumerate(turned)):
        return None
    if not any(abs(360 - even * n) < even * 0.5 for n in (len(places), len(steps))):
        return None
    return Turn(round(azimuths[0] % 360, 6), clockwise)
