"""Tables of 256 colours from matplotlib's colormaps or from lists of colours."""

import difflib
import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Colormap, LinearSegmentedColormap

from images.arrays import Floats
from images.errors import UnknownColormap
from web.errors import InvalidParameter

ColorTable = np.ndarray[Any, np.dtype[np.uint8]]

CUSTOM = "custom"
MIN_STOPS, MAX_STOPS = 2, 32
# Tables that are cached. One has 768 bytes, and takes matplotlib a tenth of a millisecond.
CACHED = 256
_STOP = re.compile(r"#?([0-9a-fA-F]{6})", re.ASCII)
# https://matplotlib.org/stable/users/explain/colors/colormaps.html. The last four of the sequential
# ones are other spellings of gray.
CATEGORIES = {
    "perceptually uniform sequential": "viridis plasma inferno magma cividis",
    "sequential": (
        "Greys Purples Blues Greens Oranges Reds YlOrBr YlOrRd OrRd PuRd RdPu BuPu GnBu PuBu YlGnBu"
        " PuBuGn BuGn YlGn binary gist_yarg gist_gray gray bone pink spring summer autumn winter"
        " cool Wistia hot afmhot gist_heat copper Grays gist_grey gist_yerg grey"
    ),
    "diverging": (
        "PiYG PRGn BrBG PuOr RdGy RdBu RdYlBu RdYlGn Spectral coolwarm bwr seismic berlin managua"
        " vanimo"
    ),
    "cyclic": "twilight twilight_shifted hsv",
    "qualitative": (
        "Pastel1 Pastel2 Paired Accent okabe_ito Dark2 Set1 Set2 Set3 tab10 tab20 tab20b tab20c"
    ),
    "miscellaneous": (
        "flag prism ocean gist_earth terrain gist_stern gnuplot gnuplot2 CMRmap cubehelix brg"
        " gist_rainbow rainbow jet turbo nipy_spectral gist_ncar"
    ),
}
_CATEGORY = {name: category for category, names in CATEGORIES.items() for name in names.split()}


@cache
def colormap(name: str) -> Colormap:
    """Return a colormap of matplotlib. Raises UnknownColormap with the most similar names."""
    if name not in colormaps:
        # Cut off, because the comparison takes quadratic time.
        near = difflib.get_close_matches(name[:50], colormaps, n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else "/colormaps/ lists them all"
        raise UnknownColormap("colormap", name, f"no colormap of matplotlib; {hint}")
    return colormaps[name]


@lru_cache(CACHED)
def custom_colormap(stops: str) -> Colormap:
    """Make a colormap from evenly spaced ``stops``: colours ``#rrggbb`` separated by commas.

    Raises InvalidParameter.
    """
    colors = [_STOP.fullmatch(text.strip()) for text in stops.split(",")]
    if not MIN_STOPS <= len(colors) <= MAX_STOPS or None in colors:
        reason = f"{MIN_STOPS} to {MAX_STOPS} colours #rrggbb between commas are needed"
        raise InvalidParameter("stops", stops[:100], reason)
    return LinearSegmentedColormap.from_list(CUSTOM, [f"#{c[1]}" for c in colors if c])


def color_table(name: str, stops: str | None, values: Floats) -> ColorTable:
    """Return the colours of a colormap at ``values``: (256, 3) uint8 RGB, read-only.

    ``values`` is (256,) float64 from 0 to 1, one for each gray. ``stops`` are the colours of the
    colormap ``custom``, None for any other. The result equals
    ``matplotlib.colormaps[name](values, bytes=True)``.

    Raises UnknownColormap, InvalidParameter.
    """
    return _color_table(name, stops, values.tobytes())


@lru_cache(CACHED)
def _color_table(name: str, stops: str | None, values: bytes) -> ColorTable:
    colors = colormap(name) if stops is None else custom_colormap(stops)
    table = np.ascontiguousarray(colors(np.frombuffer(values), bytes=True)[:, :3])
    table.setflags(write=False)
    return table


class ColormapInfo(NamedTuple):
    """A colormap as ``GET /colormaps/`` lists it. ``reversed`` is the name of its reverse."""

    name: str
    category: str
    perceptually_uniform: bool
    reversed: str


def colormap_infos() -> list[ColormapInfo]:
    """List all colormaps in matplotlib's order."""
    return [_info(name) for name in colormaps]


def _info(name: str) -> ColormapInfo:
    forward = name.removesuffix("_r")
    category = _CATEGORY[forward]
    backward = forward if name != forward else f"{name}_r"
    return ColormapInfo(name, category, category.startswith("perceptually"), backward)
