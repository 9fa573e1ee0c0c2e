"""What the names of columns say: depths, times, units, and which columns are one array."""

import re
from typing import NamedTuple

from images.ingest.table import Column

# Longer names are cut before any pattern sees them.
MAX_NAME_CHARACTERS = 100
# In the order in which they are preferred: measured depth first.
DEPTH_NAMES = (
    "depth", "dept", "md", "tdep", "measureddepth", "measdepth", "depthmd", "mdepth", "depmd",
    "mdkb", "mdrkb", "boreholedepth", "holedepth", "wellboredepth", "bdep", "logdepth",
    "depthindex", "dpth", "dep", "profondeur", "teufe", "tiefe", "profundidad", "prof",
    "profundidade", "diepte", "djup", "dybde", "syvyys", "glubina",
)  # fmt: skip
_TIMES = {
    "s",
    "sec",
    "secs",
    "second",
    "seconds",
    "ms",
    "msec",
    "min",
    "mins",
    "minutes",
    "h",
    "hr",
}
_TIME_NAMES = ("time", "etim", "date", "datetime", "timestamp", "tim", "elapsedtime", "hours")
_UNITS_IN_BRACKETS = re.compile(r"(.{1,80}?)\s*[\[(]\s*([^\[\]()]{0,20})\s*[\])]")
_DEPTH_UNIT_AT_END = re.compile(r"(.{1,80})[_ .]((?:m|ft|feet|metres?|meters?|cm|in))")
_IN_BRACKETS = re.compile(r"(.{0,80}?)[ _]?[\[({]\s*(\d{1,5})\s*[\])}](.{0,20})")
_AT_END = re.compile(r"(.{0,80}?)(\d{1,5})")
_WITHIN = re.compile(r"(.{0,80}?)(\d{1,5})(\D{1,12})")
_AXIS = re.compile(r"([+-]?\d{1,9}(?:[.,]\d{1,9})?)\s*([^\d\s.,+-][^\d]{0,11})?")
_DEGREES = {"", "°", "º", "deg", "degree", "degrees", "dega"}
_SPECTRUM = re.compile(
    r"T[12](?!\d)|DIST|SPEC|BIN|ECHO|WAVE|WF\d?$|\bWVF|PSD|FFT|TRAIN|VDL|DWEL", re.ASCII
)
_LENGTHS = {
    "m": ("m", 1.0), "metre": ("m", 1.0), "metres": ("m", 1.0), "meter": ("m", 1.0),
    "meters": ("m", 1.0), "mt": ("m", 1.0), "mtr": ("m", 1.0), "mmd": ("m", 1.0),
    "ft": ("ft", 0.3048), "feet": ("ft", 0.3048), "foot": ("ft", 0.3048), "f": ("ft", 0.3048),
    "ftus": ("ft", 0.3048), "usft": ("ft", 0.3048), "ftmd": ("ft", 0.3048),
    "cm": ("cm", 0.01), "mm": ("mm", 0.001), "km": ("km", 1000.0), "in": ("in", 0.0254),
    "inch": ("in", 0.0254), "inches": ("in", 0.0254), ".1in": ("0.1 in", 0.00254),
    "0.1in": ("0.1 in", 0.00254), "0.5mm": ("0.5 mm", 0.0005),
}  # fmt: skip


class Place(NamedTuple):
    """A column's place in the array that its name belongs to: what is before and after the number,
    the number, and whether it stands in brackets."""

    prefix: str
    suffix: str
    number: int
    bracketed: bool


def length_unit(text: str) -> tuple[str, float] | None:
    """The usual name of a unit of length, and how many metres it is; None for any other unit."""
    return _LENGTHS.get(re.sub(r"[\s._]+(?!\d)", "", text[:20].strip("'\"").lower()))


def is_time(column: Column) -> bool:
    """Whether an index is of times."""
    return column.unit.lower() in _TIMES or plain(column.name) in _TIME_NAMES


def plain(name: str) -> str:
    """A name without case, white space and signs."""
    return re.sub(r"[\W_]+", "", name[:MAX_NAME_CHARACTERS].lower())


def depth_rank(name: str) -> int | None:
    """How likely a name is that of the measured depth, 0 being the most; None for another name."""
    words = plain(name)
    return DEPTH_NAMES.index(words) if words in DEPTH_NAMES else None


def column(name: str, unit: str = "") -> Column:
    """A column by its name in a header; a unit in brackets behind the name is its unit.

    A number in brackets is no unit but a place in an array.
    """
    name = "".join(c for c in name[:MAX_NAME_CHARACTERS] if c.isprintable()).strip()
    found = _UNITS_IN_BRACKETS.fullmatch(name)
    if found and not found[2].isdigit():
        return Column(found[1], unit or found[2].strip())
    found = _DEPTH_UNIT_AT_END.fullmatch(name)
    if found and depth_rank(found[1]) is not None:
        return Column(found[1], unit or found[2])
    return Column(name, unit)


def place(name: str) -> Place | None:
    """The place that a name has in an array, or None where there is no number in it."""
    if found := _IN_BRACKETS.fullmatch(name):
        return Place(found[1].strip(), found[3].strip(), int(found[2]), True)
    if found := _AT_END.fullmatch(name):
        return Place(found[1], "", int(found[2]), False)
    if found := _WITHIN.fullmatch(name):
        return Place(found[1], found[3], int(found[2]), False)
    return None


def axis(name: str) -> tuple[float, str] | None:
    """The number and the unit that a name consists of, as of azimuths and of times; else None."""
    found = _AXIS.fullmatch(name)
    return (float(found[1].replace(",", ".")), (found[2] or "").strip()) if found else None


def is_azimuth(unit: str) -> bool:
    """Whether the unit of an axis is that of an angle, or none."""
    return unit.lower() in _DEGREES


def is_wall_image(column: Column) -> bool:
    """Whether an array is one of the wall, as far as its name and description tell: those of times,
    of frequencies and of distributions are not."""
    words = f"{column.name} {column.description}".upper()
    return not _SPECTRUM.search(words) and not column.axis
