"""The query parameters of picks: each is read, checked and documented by one declaration."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bson import ObjectId
from django.http import HttpRequest

from dips.diagrams import MAX_PIXELS, MIN_PIXELS, THEMES, Style
from dips.models import Query
from dips.planes.geometry import Reference
from dips.terms import MAX_AUTHOR_CHARACTERS, DipType
from tables.units import METRES
from web import conditions, parameters
from web.errors import InvalidParameter
from web.parameters import OBJECT_ID, PAGE, TEXT, Parameter
from wells.api.parameters import DEPTH_UNIT, unit

FORMATS = ("json", "csv", "las", "techlog")
SECTORS = ("12", "18", "24", "36", "72")
OF_WELL = "?well=15/9-F-4%20A"
OF_WINDOW = f"{OF_WELL}&min=1000&max=2000"


def _log(name: str, text: str) -> ObjectId:
    if not ObjectId.is_valid(text):
        raise InvalidParameter(name, text, "the id of a log has 24 hexadecimal digits")
    return ObjectId(text)


def _types(name: str, text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(","))
    if not {*found} <= {*DipType}:
        raise InvalidParameter(name, text, f"allowed, with commas: {', '.join(DipType)}")
    return found


def _structural(name: str, text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) == 2:
        dip, azimuth = (parameters.number(name, part) for part in parts)
        if 0 <= dip <= 90 and -360 <= azimuth <= 360:
            return dip, azimuth
    reason = "a dip from 0 to 90 and an azimuth from -360 to 360 are needed, as 12,140"
    raise InvalidParameter(name, text, reason)


def _choice(name: str, description: str, example: str, words: Iterable[str]) -> Parameter[str]:
    return Parameter.choice(name, description, f"{OF_WELL}&{name}={example}", words)


def _flag(name: str, description: str) -> Parameter[bool]:
    return Parameter.flag(name, description, f"{OF_WELL}&{name}=true")


def _pixels(name: str) -> Parameter[int]:
    return Parameter.whole(name, "Pixels.", f"{OF_WELL}&{name}=600", MIN_PIXELS, MAX_PIXELS)


WELL = Parameter.well("A well: its name or its id.", OF_WELL)
ENDS = (
    Parameter.depth("min", "The shallow end, itself included.", OF_WINDOW),
    Parameter.depth("max", "The deep end, itself included.", OF_WINDOW),
)
FILTERS = (
    Parameter("log", "Only picks on this log.", f"{OF_WELL}&log={'0' * 24}", _log, OBJECT_ID),
    *ENDS,
    Parameter(
        "type",
        f"Only these types, with commas: {', '.join(DipType)}.",
        f"{OF_WELL}&type=bedding,fault",
        _types,
        TEXT,
    ),
    Parameter.text(
        "author", "Only picks of this author.", f"{OF_WELL}&author=anna", MAX_AUTHOR_CHARACTERS
    ),
    Parameter(
        "structural",
        "A structural dip, from 0 to 90, and its azimuth, from -360 to 360, which are removed from"
        " the true dips.",
        f"{OF_WELL}&structural=12,140",
        _structural,
        TEXT,
    ),
)
LIST = (WELL, *FILTERS, _choice("format", "JSON by default.", "csv", FORMATS), *PAGE)
OF_ONE_WELL = (replace(WELL, needed=True), *FILTERS)
SIZE = (
    _pixels("width"),
    _pixels("height"),
    _choice("theme", "The colours of the page around the diagram.", "dark", THEMES),
)
TERZAGHI = _flag(
    "terzaghi",
    "Whether planes nearly along the hole, which the hole seldom meets, count more (Terzaghi).",
)
ROSE = (
    *OF_ONE_WELL,
    *SIZE,
    TERZAGHI,
    _flag("mirrored", "Whether to draw strikes, both ways."),
    _choice(
        "by",
        "What petals count: picks, or the length of their traces on the wall.",
        "length",
        ("count", "length"),
    ),
    _choice("sectors", "The number of petals.", "18", SECTORS),
)
STEREONET = (
    *OF_ONE_WELL,
    *SIZE,
    TERZAGHI,
    _choice("show", "Poles, or planes as great circles.", "planes", ("poles", "planes")),
    _flag("density", "Whether to draw contours of density."),
)


def _in_window(parameter: Parameter[Any]) -> Parameter[Any]:
    """The same with a window in its example; the window itself is needed."""
    example = parameter.example
    example = example if "&min=" in example else f"{example}&min=1000&max=2000"
    needed = parameter.needed or parameter in ENDS
    return replace(parameter, example=example, needed=needed)


TADPOLES = tuple(_in_window(parameter) for parameter in (*OF_ONE_WELL, *SIZE))
IMPORT = (
    Parameter.well(
        "A well: its name or its id. By default the one that the file names, else `default`."
    ),
    Parameter.flag("preview", "Whether to describe the file only.", "?preview=true"),
    DEPTH_UNIT,
    Parameter.choice(
        "reference",
        "What azimuths on the wall are measured from, if the file does not say.",
        "?reference=north",
        [*map(str, Reference)],
    ),
    Parameter.choice(
        "type",
        "The type of picks that have none in the file.",
        "?type=bedding",
        [*map(str, DipType)],
    ),
    Parameter.decimal(
        "diameter",
        "The diameter of the hole, more than 0, if the file does not say."
        " It needs `diameter_unit`.",
        "?diameter=8.5&diameter_unit=in",
    ),
    unit("diameter_unit", "The unit of diameters.", "?diameter=8.5&diameter_unit=in", METRES),
)


def import_options(asked: Mapping[str, str]) -> dict[str, Any]:
    """The options of an import. Raises InvalidParameter, StorageUnavailable."""
    found = parameters.read(asked, IMPORT)
    if "diameter" in found and (found["diameter"] <= 0 or "diameter_unit" not in found):
        reason = "a diameter is more than 0 and has a diameter_unit"
        raise InvalidParameter("diameter", asked["diameter"], reason)
    return found


def read(
    query: Mapping[str, str], declared: Iterable[Parameter[Any]]
) -> tuple[Query, dict[str, Any]]:
    """The picks that a request asks for, and all of its parameters. Raises InvalidParameter."""
    asked = parameters.read(query, declared)
    parameters.ordered(query)
    well, log, top, base = (asked.get(name) for name in ("well", "log", "min", "max"))
    return Query(well, log, top, base, asked.get("type", ()), asked.get("author")), asked


def window(asked: Mapping[str, Any]) -> tuple[float, float]:
    """The depths at both ends of a diagram. Raises InvalidParameter."""
    for name in ("min", "max"):
        parameters.on_axis(name, asked[name])
    return asked["min"], asked["max"]


def style(asked: Mapping[str, Any], format_: str, width: int, height: int) -> Style:
    """The look of a diagram that a request asks for."""
    return Style(
        format_,
        asked.get("width", width),
        asked.get("height", height),
        asked.get("theme", "light"),
        asked.get("terzaghi", False),
    )


def revisions(request: HttpRequest) -> Collection[int] | None:
    """The revisions in an If-Match header; None where there is no such condition.

    Raises PreconditionFailed.
    """
    header = conditions.if_match(request)
    if header is None:
        return None
    return [int(number) for number in re.findall(r'(?<!W/)"(\d{1,15})"', header)]
