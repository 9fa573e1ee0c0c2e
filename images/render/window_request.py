"""A request for a window: parse and validate the path and the query of GET /get-images/."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from bson import ObjectId

from images.render.colour import stretch
from images.render.colour.colormap import CUSTOM, colormap, custom_colormap
from images.render.colour.stretch import DEFAULT_PERCENTILES, Stretch
from images.render.window_parameters import ALL, SELECTION, Parameters
from web import parameters
from web.errors import InvalidParameter

# Parsed requests that are cached, of less than a kilobyte each.
CACHED = 256


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
