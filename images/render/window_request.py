"""The query of a window, as text, to what is to be made of it: checked once, whole."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from bson import ObjectId

from images.errors import LogNotFound
from images.render import stretch
from images.render.colormap import CUSTOM, colormap, custom_colormap
from images.render.stretch import DEFAULT_PERCENTILES, Stretch
from web import parameters
from web.errors import InvalidParameter

PICTURES = ("png", "webp")
COLOURED = (*PICTURES, "json", "ndjson")
# The most that a WebP has, and enough for any screen.
MAX_HEIGHT = 16_383
MAX_WIDTH = 4_096
NORMALIZATIONS = ("static", "dynamic")

# Recipes of less than a kilobyte, which are asked for again and again.
CACHED = 256

SELECTION = frozenset({"well", "log"})
COLOUR = frozenset({"colormap", "stops", "vmin", "vmax", "stretch", "percentile"})
SIZE = frozenset({"height", "width", "normalize", "window"})

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to make of a window of depth, from ``top`` to ``base``, both ends included.

    ``stretch`` is one of stretch.STRETCHES; ``low`` and ``high`` are the range of grays where it
    is ``none``. ``sliding`` is the window of dynamic normalisation in units of depth, None where
    it is static. ``height`` and ``width`` are in pixels, None for one a trace and one a sample.
    """

    format: str
    top: float
    base: float
    well: str | None
    log_id: ObjectId | None
    colormap: str | None
    stops: str | None
    stretch: str
    low: float
    high: float
    percentiles: tuple[float, float]
    sliding: float | None
    height: int | None
    width: int | None

    @property
    def of_one_log(self) -> bool:
        """Whether this can be made of one image log only."""
        return self.format in PICTURES or self.stretch != "none"

    @property
    def geometry(self) -> tuple[object, ...]:
        """All that says which grays a picture shows, whatever their colours."""
        grays = (self.stretch, self.percentiles, self.sliding) if self.sliding else ()
        return self.top, self.base, self.height, self.width, *grays

    @property
    def plain(self) -> bool:
        """Whether grays are coloured from 0 to 255, as they are."""
        return self.stretch == "none" and (self.low, self.high) == (0.0, 255.0)

    @property
    def stretched(self) -> Stretch:
        """The stretch from ``low`` to ``high``."""
        return stretch.linear(self.low, self.high)


def read(format: str, top: str, base: str, query: Mapping[str, str]) -> Recipe:  # noqa: A002
    """Check the texts of a URL. Raises InvalidParameter, LogNotFound, UnknownColormap."""
    return _read(format, top, base, tuple(query.items()))


@lru_cache(CACHED)
def _read(
    format: str,  # noqa: A002
    top: str,
    base: str,
    items: tuple[tuple[str, str], ...],
) -> Recipe:
    query = dict(items)
    allowed = {"format", *SELECTION}
    allowed |= COLOUR if format in COLOURED else set()
    allowed |= SIZE if format in PICTURES else set()
    for name in (COLOUR | SIZE) - allowed:
        if name in query:
            raise InvalidParameter(name, query[name], f"{format} has no place for it")
    parameters.only(query, allowed)
    low, high = parameters.depth_range(top, base)
    kind = _optional(query, "stretch", _one_of(stretch.STRETCHES)) or "none"
    grays = _gray_range(query, kind)
    return Recipe(
        format=format,
        top=low,
        base=high,
        well=_optional(query, "well", lambda _, text: parameters.well(text)),
        log_id=_optional(query, "log", lambda _, text: log_id(text)),
        colormap=query.get("colormap"),
        stops=_stops(query),
        stretch=kind,
        low=grays[0],
        high=grays[1],
        percentiles=_percentiles(query, kind),
        sliding=_sliding(query, kind),
        height=_height(query, high - low),
        width=_optional(query, "width", parameters.whole(1, MAX_WIDTH)),
    )


def legend(name: str, query: Mapping[str, str]) -> Recipe:
    """The recipe of a strip of all grays: a colormap with ``vmin`` and ``vmax``, or ``stops``."""
    parameters.only(query, {"stops", "vmin", "vmax"})
    return read("png", "0", "0", {**dict(query.items()), "colormap": name})


def log_id(text: str) -> ObjectId:
    """The id of an image log. Raises LogNotFound for what can be no id."""
    return parameters.object_id(text, LogNotFound(f"there is no image log {text[:100]}"))


def _optional(
    query: Mapping[str, str], name: str, read_text: Callable[[str, str], Value]
) -> Value | None:
    return read_text(name, query[name]) if name in query else None


def _one_of(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    def read_text(name: str, text: str) -> str:
        if text not in choices:
            raise InvalidParameter(name, text, f"allowed: {', '.join(choices)}")
        return text

    return read_text


def _stops(query: Mapping[str, str]) -> str | None:
    """The stops of a custom colormap; the name of any other is checked."""
    name = query.get("colormap")
    if name == CUSTOM:
        custom_colormap(query.get("stops", ""))
        return query["stops"]
    if "stops" in query:
        raise InvalidParameter("stops", query["stops"], "stops belong to colormap=custom")
    if name is not None:
        colormap(name)
    return None


def _gray_range(query: Mapping[str, str], kind: str) -> tuple[float, float]:
    for name in ("vmin", "vmax"):
        if name in query and kind != "none":
            raise InvalidParameter(name, query[name], f"stretch={kind} finds the range itself")
    low = _optional(query, "vmin", parameters.number)
    high = _optional(query, "vmax", parameters.number)
    low, high = 0.0 if low is None else low, 255.0 if high is None else high
    if low >= high:
        raise InvalidParameter("vmin", str(low), f"vmin must be less than vmax, {high}")
    return low, high


def _percentiles(query: Mapping[str, str], kind: str) -> tuple[float, float]:
    if "percentile" not in query:
        return DEFAULT_PERCENTILES
    if kind != "percentile":
        reason = "percentiles belong to stretch=percentile"
        raise InvalidParameter("percentile", query["percentile"], reason)
    return stretch.check_percentiles(query["percentile"])


def _height(query: Mapping[str, str], length: float) -> int | None:
    height = _optional(query, "height", parameters.whole(1, MAX_HEIGHT))
    if height is not None and math.isinf(length):
        reason = "the range from min to max is longer than a number can say"
        raise InvalidParameter("height", query["height"], reason)
    return height


def _sliding(query: Mapping[str, str], kind: str) -> float | None:
    normalize = _optional(query, "normalize", _one_of(NORMALIZATIONS))
    window = _optional(query, "window", parameters.number)
    if normalize != "dynamic":
        if window is not None:
            raise InvalidParameter("window", query["window"], "it belongs to normalize=dynamic")
        return None
    if kind == "none":
        reason = "dynamic normalisation needs a stretch: minmax, percentile or equalize"
        raise InvalidParameter("normalize", normalize, reason)
    if window is None or window <= 0:
        reason = "the window of dynamic normalisation is a depth greater than 0"
        raise InvalidParameter("window", query.get("window", ""), reason)
    return window
