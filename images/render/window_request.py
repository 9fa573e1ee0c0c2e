"""The query parameters of GET /get-images/: declare, parse and validate them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from bson import ObjectId

from images.errors import LogNotFound
from images.render.colour import stretch
from images.render.colour.colormap import CUSTOM, MAX_STOPS, MIN_STOPS, colormap, custom_colormap
from images.render.colour.stretch import DEFAULT_PERCENTILES, STRETCHES, Stretch, check_percentiles
from images.render.colour.values import SCALES
from web import parameters
from web.errors import InvalidParameter
from web.parameters import OBJECT_ID, TEXT, Parameter

# The largest picture in WebP.
MAX_HEIGHT = 16_383
MAX_WIDTH = 4_096
# Traces that dynamic normalisation may read for one picture.
MAX_SLIDING_TRACES = 40_000
NORMALIZATIONS = ("static", "dynamic")
EXAMPLE_ID = "665f1c2ab7e4d3a1c0ffee00"

Parameters = tuple[Parameter[Any], ...]
# Parsed requests that are cached, of less than a kilobyte each.
CACHED = 256


def parse_log_id(text: str) -> ObjectId:
    """Parse the id of an image log. Raises LogNotFound for text that is not an id."""
    reason = f"there is no image log {text[:100]!r}: an id has 24 hexadecimal digits"
    return parameters.object_id(text, LogNotFound(reason))


WELL = Parameter.well("Only image logs of this well.")
LOG = Parameter(
    "log",
    "Only the image log with this id.",
    f"?log={EXAMPLE_ID}",
    lambda _, text: parse_log_id(text),
    OBJECT_ID,
)
SELECTION: Parameters = (WELL, LOG)

_STOPS = f"{MIN_STOPS} to {MAX_STOPS} colours `#rrggbb` between commas (`#` may be left out)"
_RANGE = "?format=png&vmin=60&vmax=200"
_SLIDING = "?format=png&stretch=minmax&normalize=dynamic&window=2.5"
COLORMAP = Parameter(
    "colormap",
    f"A colormap of matplotlib (see `/colormaps/`), or `{CUSTOM}`. Without it the picture is gray.",
    "?colormap=viridis",
    lambda _, text: text,
    TEXT,
)
STOPS = Parameter(
    "stops",
    f"For `colormap={CUSTOM}`: {_STOPS}, evenly spaced.",
    "?colormap=custom&stops=%23000000,%23c08040,%23ffffff",
    lambda _, text: text,
    TEXT,
)
VMIN = Parameter.decimal(
    "vmin",
    "The value, in the unit of the log, that gets the first colour; by default 0 for grays, the"
    " percentile 2 for values.",
    _RANGE,
)
VMAX = Parameter.decimal(
    "vmax",
    "The value that gets the last colour; by default 255 for grays, the percentile 98 for values.",
    _RANGE,
)
SCALE = Parameter.choice(
    "scale",
    "For logs of values: the scale between `vmin` and `vmax`; `linear` by default. On `log`, values"
    " of 0 or less are shown as null.",
    "?format=png&scale=linear",
    SCALES,
)
STRETCH = Parameter.choice(
    "stretch",
    "How grays are spread over the colours, from the histogram of the whole image log; `none` by"
    " default.",
    "?format=png&stretch=equalize",
    STRETCHES,
)
PERCENTILE = Parameter(
    "percentile",
    "For `stretch=percentile`: the lower and the upper percentile;"
    f" {','.join(format(p, 'g') for p in DEFAULT_PERCENTILES)} by default.",
    "?format=png&stretch=percentile&percentile=5,95",
    lambda _, text: check_percentiles(text),
    TEXT,
)
COLOUR: Parameters = (COLORMAP, STOPS, VMIN, VMAX, SCALE, STRETCH, PERCENTILE)

HEIGHT = Parameter.whole(
    "height",
    "The height of the picture in pixels. Each row of pixels shows the same length of depth."
    " Without it the picture has a row for each trace.",
    "?format=png&height=500",
    1,
    MAX_HEIGHT,
)
WIDTH = Parameter.whole(
    "width",
    "The width of the picture in pixels; by default that of the traces.",
    "?format=png&height=500&width=300",
    1,
    MAX_WIDTH,
)
NORMALIZE = Parameter.choice(
    "normalize",
    "Whether `stretch` uses the whole log (`static`, the default) or, for each row of the picture,"
    f" a window of depth around it (`dynamic`; at most {MAX_SLIDING_TRACES} traces).",
    _SLIDING,
    NORMALIZATIONS,
)
WINDOW = Parameter(
    "window",
    "For `normalize=dynamic`: the length of the sliding window, in units of depth.",
    _SLIDING,
    parameters.number,
    {**parameters.NUMBER, "minimum": 0, "exclusiveMinimum": True},
)
COLUMNS = Parameter.choice(
    "columns",
    "For `parquet` and `arrow`: the traces as one column of `lists` (the default), or as a column"
    " for each pixel (`wide`).",
    "?format=parquet&columns=wide",
    ("lists", "wide"),
)
SIZE: Parameters = (HEIGHT, WIDTH, NORMALIZE, WINDOW)
ALL: Parameters = (*SELECTION, *COLOUR, *SIZE, COLUMNS)


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """A valid request for the depths from ``top`` to ``base``, both ends included.

    ``stretch`` is one of STRETCHES. If it is ``none``, ``low`` and ``high`` are the range of the
    colours; None stands for the default of the log. ``scale`` is one of SCALES. ``sliding`` is the
    window of dynamic normalisation in units of depth, None for static normalisation. ``height`` and
    ``width`` are in pixels; None stands for those of the traces. ``wide`` asks for a table with a
    column for each pixel.
    """

    format: str
    top: float
    base: float
    well: str | None
    log_id: ObjectId | None
    colormap: str | None
    stops: str | None
    stretch: str
    low: float | None
    high: float | None
    scale: str
    percentiles: tuple[float, float]
    sliding: float | None
    height: int | None
    width: int | None
    wide: bool

    @property
    def geometry(self) -> tuple[object, ...]:
        """All that determines the pixels of a picture before they are coloured."""
        sliding = (self.stretch, self.percentiles, self.sliding) if self.sliding else ()
        return self.top, self.base, self.height, self.width, *sliding

    @property
    def plain(self) -> bool:
        """Whether the grays from 0 to 255 are coloured without any stretch."""
        return self.stretch == "none" and self.low in {None, 0.0} and self.high in {None, 255.0}

    @property
    def stretched(self) -> Stretch:
        """The stretch of grays from ``low`` to ``high``. Raises InvalidParameter."""
        low = 0.0 if self.low is None else self.low
        high = 255.0 if self.high is None else self.high
        if low >= high:
            raise InvalidParameter("vmin", str(low), f"vmin must be less than vmax, {high}")
        return stretch.linear(low, high)


class Format(Protocol):
    """The part of a Representation that is needed to parse a query."""

    @property
    def name(self) -> str: ...

    @property
    def takes(self) -> Parameters: ...


def read(form: Format, top: str, base: str, query: Mapping[str, str]) -> WindowRequest:
    """Parse and validate the path and the query of GET /get-images/.

    Raises InvalidParameter, LogNotFound, UnknownColormap.
    """
    return _read(form.name, form.takes, top, base, parameters.pairs(query))


@lru_cache(CACHED)
def _read(
    form: str, takes: Parameters, top: str, base: str, items: tuple[tuple[str, str], ...]
) -> WindowRequest:
    query = {name: text for name, text in items if name != "format"}
    declared = (*SELECTION, *takes)
    for name in query.keys() & {p.name for p in ALL} - {p.name for p in declared}:
        raise InvalidParameter(name, query[name], f"it is not a parameter of {form}")
    values = parameters.read(query, declared)
    low, high = parameters.depth_range(top, base)
    kind = values.get("stretch", "none")
    _check_range(values, kind)
    return WindowRequest(
        format=form,
        top=low,
        base=high,
        well=values.get("well"),
        log_id=values.get("log"),
        colormap=values.get("colormap"),
        stops=_stops(values),
        stretch=kind,
        low=values.get("vmin"),
        high=values.get("vmax"),
        scale=values.get("scale", "linear"),
        percentiles=_percentiles(query, values, kind),
        sliding=_sliding(query, values, kind),
        height=_height(query, values, high - low),
        width=values.get("width"),
        wide=values.get("columns") == "wide",
    )


def _stops(values: Mapping[str, Any]) -> str | None:
    """Check the colormap; return the stops of a custom one, else None."""
    name, stops = values.get("colormap"), values.get("stops")
    if name == CUSTOM:
        custom_colormap(stops or "")
        return stops
    if stops is not None:
        raise InvalidParameter("stops", stops, "stops belong to colormap=custom")
    if name is not None:
        colormap(name)
    return None


def _check_range(values: Mapping[str, Any], kind: str) -> None:
    for name in ("vmin", "vmax"):
        if name in values and kind != "none":
            reason = f"stretch={kind} determines the range"
            raise InvalidParameter(name, str(values[name]), reason)
    low, high = values.get("vmin"), values.get("vmax")
    if low is not None and high is not None and low >= high:
        raise InvalidParameter("vmin", str(low), f"vmin must be less than vmax, {high}")


def _percentiles(
    query: Mapping[str, str], values: Mapping[str, Any], kind: str
) -> tuple[float, float]:
    if "percentile" in values and kind != "percentile":
        reason = "percentiles belong to stretch=percentile"
        raise InvalidParameter("percentile", query["percentile"], reason)
    percentiles: tuple[float, float] = values.get("percentile", DEFAULT_PERCENTILES)
    return percentiles


def _height(query: Mapping[str, str], values: Mapping[str, Any], length: float) -> int | None:
    height: int | None = values.get("height")
    if height is not None and math.isinf(length):
        reason = "the range from min to max is too long"
        raise InvalidParameter("height", query["height"], reason)
    return height


def _sliding(query: Mapping[str, str], values: Mapping[str, Any], kind: str) -> float | None:
    window: float | None = values.get("window")
    if values.get("normalize") != "dynamic":
        if window is not None:
            raise InvalidParameter("window", query["window"], "it needs normalize=dynamic")
        return None
    if kind == "none":
        reason = "dynamic normalisation needs a stretch: minmax, percentile or equalize"
        raise InvalidParameter("normalize", "dynamic", reason)
    if window is None or window <= 0:
        reason = "the window of dynamic normalisation must be greater than 0"
        raise InvalidParameter("window", query.get("window", ""), reason)
    if values.get("scale") == "log":
        raise InvalidParameter("scale", "log", "dynamic normalisation is linear; allowed: linear")
    return window
