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
# A parameter, and the value of another one without which it has no meaning.
NEEDS = (
    ("stops", "colormap", CUSTOM),
    ("percentile", "stretch", "percentile"),
    ("window", "normalize", "dynamic"),
)


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
        _check_order(low, high)
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
    if "height" in query and math.isinf(high - low):
        raise InvalidParameter("height", query["height"], "the range from min to max is too long")
    _check_dependencies(query)
    _check_colormap(values)
    _check_range(values)
    return WindowRequest(
        format=form,
        top=low,
        base=high,
        well=values.get("well"),
        log_id=values.get("log"),
        colormap=values.get("colormap"),
        stops=values.get("stops"),
        stretch=values.get("stretch", "none"),
        low=values.get("vmin"),
        high=values.get("vmax"),
        scale=values.get("scale", "linear"),
        percentiles=values.get("percentile", DEFAULT_PERCENTILES),
        sliding=_sliding(query, values),
        height=values.get("height"),
        width=values.get("width"),
        wide=values.get("columns") == "wide",
    )


def _check_dependencies(query: Mapping[str, str]) -> None:
    """Raise InvalidParameter for a parameter without the value of another that it needs."""
    for name, other, needed in NEEDS:
        if name in query and query.get(other) != needed:
            raise InvalidParameter(name, query[name], f"it needs {other}={needed}")


def _check_colormap(values: Mapping[str, Any]) -> None:
    name = values.get("colormap")
    if name == CUSTOM:
        custom_colormap(values.get("stops", ""))
    elif name is not None:
        colormap(name)


def _check_range(values: Mapping[str, Any]) -> None:
    kind, ends = values.get("stretch", "none"), values.keys() & {"vmin", "vmax"}
    if ends and kind != "none":
        name = min(ends)
        raise InvalidParameter(name, str(values[name]), f"stretch={kind} determines the range")
    if len(ends) == 2:
        _check_order(values["vmin"], values["vmax"])


def _check_order(low: float, high: float) -> None:
    if low >= high:
        raise InvalidParameter("vmin", str(low), f"vmin must be less than vmax, {high}")


def _sliding(query: Mapping[str, str], values: Mapping[str, Any]) -> float | None:
    """The window of dynamic normalisation, None for static normalisation."""
    if values.get("normalize") != "dynamic":
        return None
    if values.get("stretch", "none") == "none":
        reason = "dynamic normalisation needs a stretch: minmax, percentile or equalize"
        raise InvalidParameter("normalize", "dynamic", reason)
    if values.get("scale") == "log":
        raise InvalidParameter("scale", "log", "dynamic normalisation is linear; allowed: linear")
    window: float = values.get("window", 0.0)
    if window <= 0:
        reason = "the window of dynamic normalisation must be greater than 0"
        raise InvalidParameter("window", query.get("window", ""), reason)
    return window
