"""Names of matplotlib's colormaps, or lists of colours, to tables of 256 colours.

And what matplotlib's documentation says of its colormaps: their categories.
"""

import difflib
import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Colormap, LinearSegmentedColormap

from images.errors import UnknownColormap
from web.errors import InvalidParameter

ColorTable = np.ndarray[Any, np.dtype[np.uint8]]
Values = np.ndarray[Any, np.dtype[np.float64]]

CUSTOM = "custom"
MIN_STOPS, MAX_STOPS = 2, 32
# Tables of less than a kilobyte, each of which takes matplotlib a tenth of a millisecond.
CACHED = 256
_STOP = re.compile(r"#?([0-9a-fA-F]{6})", re.ASCII)
# Matplotlib, "Choosing colormaps"; the last four are further spellings of gray.
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
    """The colormap of matplotlib. Raises UnknownColormap with the nearest names."""
    if name not in colormaps:
        # Names are compared in quadratic time.
        near = difflib.get_close_matches(name[:50], colormaps, n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else "/colormaps/ lists them all"
        raise UnknownColormap("colormap", name, f"no colormap of matplotlib; {hint}")
    return colormaps[name]


@lru_cache(CACHED)
def custom_colormap(stops: str) -> Colormap:
    """The colormap that goes evenly through ``stops``, ``#rrggbb`` between commas.

    Raises InvalidParameter.
    """
    colors = [_STOP.fullmatch(text.strip()) for text in stops.split(",")]
    if not MIN_STOPS <= len(colors) <= MAX_STOPS or None in colors:
        reason = f"{MIN_STOPS} to {MAX_STOPS} colours #rrggbb between commas are needed"
        raise InvalidParameter("stops", stops[:100], reason)
    return LinearSegmentedColormap.from_list(CUSTOM, [f"#{c[1]}" for c in colors if c])


def color_table(name: str, stops: str | None, values: Values) -> ColorTable:
    """The colours of the 256 grays under a colormap, (256, 3) uint8 RGB, not to be written to.

    ``stops`` are those of the colormap ``custom``, else None. ``values`` is (256,) float64, from 0
    to 1: what each gray is to be coloured as. Where it is ``gray / 255`` this equals
    ``matplotlib.colormaps[name](gray / 255, bytes=True)``; the table is made from floats, because
    integers would index the map instead of scaling to it.

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
    """A colormap: its name, its category, whether equal steps look equal, its reversed name."""

    name: str
    category: str
    perceptually_uniform: bool
    reversed: str


def colormap_infos() -> list[ColormapInfo]:
    """Every colormap, in matplotlib's order."""
    return [_info(name) for name in colormaps]


def _info(name: str) -> ColormapInfo:
    forward = name.removesuffix("_r")
    category = _CATEGORY[forward]
    backward = forward if name != forward else f"{name}_r"
    return ColormapInfo(name, category, category.startswith("perceptually"), backward)
