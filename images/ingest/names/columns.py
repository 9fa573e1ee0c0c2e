"""What the name of a column says: whether it holds depths or times, and its unit."""

import re
from collections.abc import Sequence

from images.ingest.names.places import bare_axis_place, range_of
from images.ingest.names.units import AXIS_UNITS, length_unit, unit_of
from images.ingest.table import Column
from tables.names import DEPTH_NAMES, bare, is_measured_depth
from web.text import MAX_NAME_CHARACTERS, composed

_TIMES = {
    "s", "sec", "secs", "second", "seconds", "ms", "msec", "min", "mins", "minutes", "h", "hr",
    "hrs", "hour", "hours", "d", "day", "days", "hhmmss", "hh:mm:ss",
}  # fmt: skip
_TIME_NAMES = (
    "time", "etim", "date", "datetime", "timestamp", "tim", "elapsedtime", "hours", "utc",
)  # fmt: skip
# The ends of intervals, with or without the word depth.
_TOPS, _BASES = {"top", "from", "start", "upper"}, {"bottom", "base", "to", "end", "lower", "bot"}
_IN_BRACKETS = re.compile(r"(.{1,80}?)\s*[\[({<]\s*([^\[\](){}<>]{0,20})\s*[\])}>]")
_BEHIND_DEPTH = re.compile(r"(.{1,80}?)[\s_.,:;/-]+(?:in\s+)?(\.?[^\W_][\w. ]{0,12})", re.I)
_GLUED = re.compile(r"(.{2,80}?)(m|ft|feet|met(?:re|er)s?)", re.I)
_COPY = re.compile(r"(.+):1")
# Words for wells, and what else is in the names of columns that name them.
_WELLS = {
    "well", "wellbore", "borehole", "drillhole", "bohrung", "sondage", "forage", "pozo", "pozzo",
    "скважина", "井", "uwi",
}  # fmt: skip
# These are diameters as well, where they stand alone.
_HOLES = {"hole", "bore", "bh"}
_OF_WELLS = {
    "name", "id", "no", "nr", "number", "common", "unique", "official", "npd", "identifier", "号",
    "名",
}  # fmt: skip
# The corner of a table of depths by azimuths.
_CORNER = re.compile(
    r"(.{1,60}?)\s*(?:[\\/|]|[\s_](?:vs\.?|by)[\s_])\s*(?:azi|az\b|angle|theta|deg|orient).{0,40}",
    re.I,
)


def is_time(column: Column) -> bool:
    """Whether an index is of times."""
    if column.unit.lower() in _TIMES:
        return True
    return bare(column.name) in _TIME_NAMES and not length_unit(column.unit)


def interval_of(given: Sequence[str]) -> tuple[str, str] | None:
    """The names of the columns with the tops and the bases of intervals of depth; None where there
    are not one of each."""
    tops, bases = ([name for name in given if _end(name) in known] for known in (_TOPS, _BASES))
    return (tops[0], bases[0]) if len(tops) == len(bases) == 1 else None


def _end(name: str) -> str:
    return bare(name).removeprefix("depth").removesuffix("depth")


def depth_rank(name: str) -> int | None:
    """How likely a name means measured depth, 0 being the most likely; None for other names."""
    copy = _COPY.fullmatch(name[:MAX_NAME_CHARACTERS])
    told = copy[1] if copy else name
    if not is_measured_depth(told):
        return None
    known = bare(told)
    return DEPTH_NAMES.index(known) if known in DEPTH_NAMES else len(DEPTH_NAMES)


def first_depth(header: Sequence[str]) -> int | None:
    """The place of the name in a header that most likely means measured depth; None without one."""
    ranks = [
        (rank, i)
        for i, name in enumerate(header)
        if (rank := depth_rank(column_of(name).name)) is not None
    ]
    return min(ranks)[1] if ranks else None


def is_vertical_depth(name: str) -> bool:
    """Whether a name means vertical depth below a datum, and not depth along the hole."""
    return bare(name).startswith(("tvd", "truevertical", "verticaldepth", "subsea"))


def column_of(name: str, unit: str = "", description: str = "") -> Column:
    """A column by its name in a header, which may have the unit in it.

    What stands in brackets behind the name is its unit. It stays a part of the name where it is a
    place in an array, or where ``unit`` is another one, as of ``RES(16N)`` in OHMM.
    """
    shown = "".join(c for c in name[:MAX_NAME_CHARACTERS] if c.isprintable())
    name = composed(shown).strip()
    unit = unit_of(unit)
    if corner := _CORNER.fullmatch(name):
        depths = column_of(corner[1], unit, description)
        if depth_rank(depths.name) is not None:
            return depths
    bracketed = _IN_BRACKETS.fullmatch(name)
    if bracketed and not _is_place(bracketed[2]):
        told = unit_of(bracketed[2])
        if not unit or unit.lower() == told.lower() or depth_rank(bracketed[1]) is not None:
            return Column(bracketed[1], unit or told, description)
    for pattern in (_BEHIND_DEPTH, _GLUED):
        depth = pattern.fullmatch(name)
        if depth and depth_rank(depth[1]) is not None and length_unit(depth[2]):
            return Column(depth[1], unit or depth[2].strip(), description)
    return Column(name, unit, description)


def _is_place(text: str) -> bool:
    """Whether what stands in brackets behind a name is a place in an array, and so no unit."""
    place = bare_axis_place(text)
    on_axis = place is not None and (not place.unit or place.unit.lower() in AXIS_UNITS)
    return text.isdigit() or on_axis or range_of(text) is not None


def names_wells(name: str) -> bool:
    """Whether a name is one of a column with the names of wells: ``wellName``, ``BOREHOLE_ID``,
    ``Sondage``, ``UWI``."""
    words = {*re.findall(r"[^\W_]+", name[:MAX_NAME_CHARACTERS].lower())}
    for word in _WELLS | _HOLES:
        if bare(name).startswith(word) and bare(name).removeprefix(word) in _OF_WELLS:
            return True
    named = words & _WELLS or (words & _HOLES and words & _OF_WELLS)
    return bool(named) and words <= _WELLS | _HOLES | _OF_WELLS
