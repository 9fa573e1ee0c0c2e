"""What the names of columns say: depths, times, units, and a column's place in an array."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from images.ingest.table import Column
from tables import units
from tables.names import DEPTH_NAMES, bare, is_measured_depth
from tables.units import ANGLES, DEGREES, METRES
from web.text import MAX_NAME_CHARACTERS, composed

_TIMES = {
    "s", "sec", "secs", "second", "seconds", "ms", "msec", "min", "mins", "minutes", "h", "hr",
    "hrs", "hour", "hours", "d", "day", "days", "hhmmss", "hh:mm:ss",
}  # fmt: skip
_TIME_NAMES = (
    "time", "etim", "date", "datetime", "timestamp", "tim", "elapsedtime", "hours", "utc",
)  # fmt: skip
# Units of length that only logs have, and how many metres they are.
_RARE_LENGTHS = {
    "km": ("km", 1000.0), ".1in": ("0.1 in", 0.00254), "0.1in": ("0.1 in", 0.00254),
    "0.5mm": ("0.5 mm", 0.0005),
}  # fmt: skip
# The ends of intervals, with or without the word depth.
_TOPS, _BASES = {"top", "from", "start", "upper"}, {"bottom", "base", "to", "end", "lower", "bot"}
_NO_UNIT = {
    "", "-", "--", "---", "_", ".", "none", "nounit", "unitless", "dimensionless", "n/a", "na",
    "nan", "null", "unknown", "unkn", "undefined", "[]", "()",
}  # fmt: skip
_IN_BRACKETS = re.compile(r"(.{1,80}?)\s*[\[({<]\s*([^\[\](){}<>]{0,20})\s*[\])}>]")
_BEHIND_DEPTH = re.compile(r"(.{1,80}?)[\s_.,:;/-]+(?:in\s+)?(\.?[^\W_][\w. ]{0,12})", re.I)
_GLUED = re.compile(r"(.{2,80}?)(m|ft|feet|met(?:re|er)s?)", re.I)
_REFERENCE = re.compile(r"\bazimuths? from (north|top of hole)\b", re.I)
_COPY = re.compile(r"(.+):1")
# The corner of a table of depths by azimuths.
_CORNER = re.compile(
    r"(.{1,60}?)\s*(?:[\\/|]|[\s_](?:vs\.?|by)[\s_])\s*(?:azi|az\b|angle|theta|deg|orient).{0,40}",
    re.I,
)
# What azimuths are called, in names of more words too.
_ANGLES = {
    "azimuth", "azim", "azi", "az", "azimut", "azimuths", "angle", "theta", "phi", "bearing",
    "direction", "orientation", "winkel", "θ", "φ",
}  # fmt: skip
# Also the degree sign as it looks when it is read in a wrong encoding.
_DEGREES = {*ANGLES["deg"], "¡", "ø", "\ufffd", "â°"}
_RADIANS = {*ANGLES["rad"]}
_AXIS_UNITS = (
    *_DEGREES, *_RADIANS, "us", "µs", "μs", "usec", "ms", "msec", "ns", "sec", "hz", "khz",
)  # fmt: skip
_RARE_AXES = {"kev", "mev", "um", "µm", "μm", "nm", "v", "mv"}
_UNIT = "|".join(map(re.escape, sorted(_AXIS_UNITS, key=len, reverse=True)))
_NUMBER = r"\d{1,9}(?:[.,]\d{1,9})?(?:[eE][+-]?\d{1,2})?"
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
_SPECTRUM = re.compile(
    r"(?<![A-LO-QS-Z])T[12](?!\d)|DIST(?!ANC)|SPEC(?!IF)|(?<![A-Z])BIN|WAVE|WF\d{0,2}\b|\bWVF|PSD|FFT"
    # The amplitudes and times of echoes are images of the wall, trains of echoes are none.
    r"|(?<!PULSE.)ECHO(?![\s_-]*(?:AMP|TIM|TRAV|TRAN|IM))|(?<!S)TRAIN|VDL|DWEL",
    re.ASCII,
)
# Units of porosity, in which the bins of a spectrum are; a porosity of the wall has more columns.
_POROSITIES = {"pu", "p.u.", "lpu", "cfcf", "v/v", "ft3/ft3", "m3/m3", "decp"}
_MOST_BINS = 64
# How far columns around a wall may be from their places in one even turn, in steps.
_UNEVEN = 0.05


# What the readings of the arms of a caliper or a dipmeter are called.
_CALIPER = re.compile(r"calli?p|(?<![^\W_])cali?(?![^\W\d_])|\barms?\b", re.I)


class Place(NamedTuple):
    """A column's place in the array that its name belongs to: what is before and after the number,
    the number, and whether it stands in brackets."""

    prefix: str
    suffix: str
    number: int
    bracketed: bool


class Along(NamedTuple):
    """A column's place on the axis of an array: what is before the number, the number as it is
    written, and its unit."""

    prefix: str
    written: str
    unit: str

    @property
    def value(self) -> float:
        return _float(self.written)


class Turn(NamedTuple):
    """How columns go around the wall: the azimuth of the first one in degrees, and the sense."""

    first_azimuth: float
    clockwise: bool


def azimuth_reference(description: str) -> str | None:
    """What azimuths are counted from, where the description of an image tells it: ``north`` or
    ``top of hole``."""
    found = _REFERENCE.search(description)
    return found[1].lower() if found else None


def length_unit(text: str) -> tuple[str, float] | None:
    """The usual name of a unit of length, and how many metres it is; None for any other unit."""
    if unit := units.length_unit(text):
        return unit, METRES[unit]
    return _RARE_LENGTHS.get(re.sub(r"[\s_]+", "", text[:20].strip("'\"").lower()))


def is_time(column: Column) -> bool:
    """Whether an index is of times."""
    if column.unit.lower() in _TIMES:
        return True
    return bare(column.name) in _TIME_NAMES and not length_unit(column.unit)


def interval(given: Sequence[str]) -> tuple[str, str] | None:
    """The names of the top and the base of an interval of depth; None where there is not one of
    each."""
    tops, bases = ([name for name in given if _end(name) in known] for known in (_TOPS, _BASES))
    return (tops[0], bases[0]) if len(tops) == len(bases) == 1 else None


def _end(name: str) -> str:
    return bare(name).removeprefix("depth").removesuffix("depth")


def words(text: str) -> str:
    """A text without white space, signs and digits."""
    return re.sub(r"[\W\d_]+", "", text)


def depth_rank(name: str) -> int | None:
    """How likely a name is that of the measured depth, 0 being the most; None for another name."""
    copy = _COPY.fullmatch(name[:MAX_NAME_CHARACTERS])
    told = copy[1] if copy else name
    if not is_measured_depth(told):
        return None
    known = bare(told)
    return DEPTH_NAMES.index(known) if known in DEPTH_NAMES else len(DEPTH_NAMES)


def is_vertical_depth(name: str) -> bool:
    """Whether a name is one of depths below a datum, and not of depths along the hole."""
    return bare(name).startswith(("tvd", "truevertical", "verticaldepth", "subsea"))


def unit_of(text: str) -> str:
    """A unit without the brackets and quotes around it; empty for a word like "none"."""
    told = text.strip().strip("'\"").strip()
    if len(told) > 1 and told[0] + told[-1] in ("[]", "()", "{}", "<>"):
        told = told[1:-1].strip()
    none = re.sub(r"[\s_-]+(?=\w)", "", told.lower())
    return "" if none in _NO_UNIT or none.startswith("unnamed:") else told


def column(name: str, unit: str = "", description: str = "") -> Column:
    """A column by its name in a header.

    What is in brackets behind the name is its unit. It stays a part of the name where it is a
    number, so a place in an array, or where ``unit`` is another, as in ``RES(16N)`` in OHMM.
    """
    shown = "".join(c for c in name[:MAX_NAME_CHARACTERS] if c.isprintable())
    name = composed(shown).strip()
    unit = unit_of(unit)
    if corner := _CORNER.fullmatch(name):
        depths = column(corner[1], unit, description)
        if depth_rank(depths.name) is not None:
            return depths
    bracketed = _IN_BRACKETS.fullmatch(name)
    if bracketed and not _is_place(bracketed[2]) and not span(bracketed[2]):
        told = unit_of(bracketed[2])
        if not unit or unit.lower() == told.lower() or depth_rank(bracketed[1]) is not None:
            return Column(bracketed[1], unit or told, description)
    for pattern in (_BEHIND_DEPTH, _GLUED):
        depth = pattern.fullmatch(name)
        if depth and depth_rank(depth[1]) is not None and length_unit(depth[2]):
            return Column(depth[1], unit or depth[2].strip(), description)
    return Column(name, unit, description)


def _is_place(text: str) -> bool:
    told = axis(text)
    return text.isdigit() or (told is not None and (not told[1] or told[1].lower() in _AXIS_UNITS))


def place(name: str) -> Place | None:
    """The place that a name has in an array, or None where there is no number in it."""
    if found := _INDEX.fullmatch(name):
        return Place(found[1].strip(), found[3].strip(), int(found[2]), True)
    if found := _OF_MANY.fullmatch(name) or _AT_END.fullmatch(name):
        return Place(found[1], "", int(found[2]), False)
    if found := _WITHIN.fullmatch(name):
        return Place(found[1], found[3], int(found[2]), False)
    return None


def along(name: str) -> Along | None:
    """The place on an axis that a name ends with, as ``AMP_45deg``, ``2.5`` and ``T2 (0.3 ms)`` do;
    else None."""
    if told := _AXIS.fullmatch(name):
        return Along("", told[1], told[2] or told[3] or "")
    found = _ALONG.fullmatch(name)
    return Along(found[1].strip(), found[2], found[3] or "") if found else None


def span(name: str) -> tuple[str, float, float, str] | None:
    """The range that a name ends with, as ``0-2.5`` and ``AMP_0-45°`` do: what is before it, its
    ends, and its unit; else None."""
    found = _RANGE.fullmatch(name)
    if not found or float(found[2]) >= float(found[3]):
        return None
    return found[1].strip(" _[("), float(found[2]), float(found[3]), found[4] or ""


def axis(text: str) -> tuple[float, str] | None:
    """The number and the unit that a text consists of; else None."""
    found = _AXIS.fullmatch(text)
    return (_float(found[1]), found[2] or found[3] or "") if found else None


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def tells_azimuths(name: str) -> bool:
    """Whether a word of a name is one for azimuths."""
    return not _ANGLES.isdisjoint(re.findall(r"[^\W\d_]+", name.lower()))


def is_unit_of_axis(unit: str) -> bool:
    """Whether a unit is one that the columns of an array are told in: of angles, times, …"""
    return unit.lower() in _AXIS_UNITS or unit.lower() in _RARE_AXES or bool(length_unit(unit))


def is_angle(unit: str) -> bool:
    """Whether a unit is one of angles."""
    return unit.lower() in _DEGREES or unit.lower() in _RADIANS


def degrees(places: Sequence[float], unit: str) -> tuple[float, ...]:
    """Angles in degrees; those without a unit are taken for degrees."""
    factor = DEGREES["rad"] if unit.lower() in _RADIANS else 1.0
    return tuple(value * factor for value in places)


def turn(places: Sequence[float], unit: str) -> Turn | None:
    """How ``places`` go around the wall in one even turn; None where they do not.

    Without a unit they are taken for degrees. Both ends of the turn may be among them.
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


def is_wall_image(name: str, description: str, unit: str, width: int) -> bool:
    """Whether an array is one of the wall, as far as its name, description and unit tell: those of
    times, of frequencies and of distributions are not."""
    bins = unit.lower() in _POROSITIES and width <= _MOST_BINS
    return not bins and not _SPECTRUM.search(f"{name} {description}".upper())


def is_caliper(column: Column) -> bool:
    """Whether a column is one arm of a caliper, by its name, its description, or its unit: the
    columns of an image of the wall are lengths only where they are many."""
    return bool(_CALIPER.search(f"{column.name} {column.description}") or length_unit(column.unit))
