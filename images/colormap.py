"""Names of matplotlib's colormaps to tables of 256 colours."""

import difflib
from functools import cache
from typing import Any

import numpy as np
from matplotlib import colormaps

from images.errors import UnknownColormap

ColorTable = np.ndarray[Any, np.dtype[np.uint8]]


@cache
def color_table(name: str) -> ColorTable:
    """The colours of the 256 grays under the colormap ``name``, (256, 3) uint8 RGB.

    Equal to ``matplotlib.colormaps[name](gray / 255, bytes=True)`` for every gray; the table is
    made from floats, because integers would index the map instead of scaling to it.

    Raises UnknownColormap with the nearest names.
    """
    if name not in colormaps:
        near = difflib.get_close_matches(name, colormaps, n=3, cutoff=0.4)
        hint = f"did you mean {', '.join(near)}?" if near else "see matplotlib's list of colormaps"
        raise UnknownColormap("colormap", name, f"no colormap of matplotlib; {hint}")
    table = colormaps[name](np.arange(256) / 255, bytes=True)[:, :3].copy()
    table.setflags(write=False)
    return table
