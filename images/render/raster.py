"""Draw traces as one picture in which every row shows the same length of depth."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image

from images.arrays import Block, Depths, Traces
from images.render.png import image_data
from images.store.depths import GAP_INTERVALS
from images.store.overviews import run_means

# Pixels that are resized at a time.
BLOCK_PIXELS = 1 << 18


@dataclass(eq=False)
class Raster:
    """A picture before it is coloured; immutable.

    ``pixels`` is (height, width) uint8, or float32 where NaN is null. ``filled`` is (height,) bool,
    False for rows in a gap of the log.
    """

    pixels: Traces
    filled: np.ndarray[Any, np.dtype[np.bool_]]

    @cached_property
    def packed(self) -> bytes:
        """The PNG image data of uint8 pixels. It is the same for all palettes."""
        return image_data(self.pixels)


def row_centres(top: float, base: float, height: int) -> Depths:
    """Return the depths of the centres of the rows of a picture, (height,) float64."""
    return top + (base - top) * (np.arange(height) + 0.5) / height


def draw(block: Block, top: float, base: float, height: int, spacing: float) -> Raster:
    """Draw the depths from ``top`` to ``base`` as ``height`` rows of equal length.

    ``spacing`` is the usual depth step between traces. ``block`` has at least one trace; it must
    also have the traces up to GAP_INTERVALS spacings above ``top`` and below ``base``.

    A row shows the mean of the traces in its interval of depth. The deep end of the interval is
    excluded, except in the last row. A row without traces shows the nearest trace, if that is
    within half a spacing, or if the row is not in a gap: the traces above and below it are at most
    GAP_INTERVALS spacings apart. Other rows are not filled.
    """
    if top == base and height > 1:
        one = draw(block, top, base, 1, spacing)
        return Raster(one.pixels.repeat(height, axis=0), one.filled.repeat(height))
    inside = (block.depths >= top) & (block.depths <= base)
    rows = _row_of(block.depths[inside], top, base, height)
    pixels = _empty_rows(height, block.traces)
    filled = np.zeros(height, bool)
    if len(rows):
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        pixels[rows[starts]] = run_means(block.traces[inside], starts)
        filled[rows[starts]] = True
    empty = np.flatnonzero(~filled)
    nearest, near = _nearest(block.depths, row_centres(top, base, height)[empty], spacing)
    pixels[empty[near]] = block.traces[nearest[near]]
    filled[empty[near]] = True
    return Raster(pixels, filled)


def resize_width(raster: Raster, width: int) -> Raster:
    """Resize the rows to ``width`` pixels: by means without nulls, or by repeating pixels."""
    pixels = raster.pixels
    if width == pixels.shape[1]:
        return raster
    if pixels.dtype == np.uint8:
        return Raster(_boxed(pixels, width), raster.filled)
    resized = np.empty((len(pixels), width), np.float32)
    # Resizing takes the memory of a block several times.
    rows = max(BLOCK_PIXELS // max(pixels.shape[1], width), 1)
    for start in range(0, len(pixels), rows):
        part = slice(start, start + rows)
        resized[part] = _valid_means(pixels[part], width)
    return Raster(resized, raster.filled)


def _valid_means(values: Traces, width: int) -> Traces:
    """Resize rows of values to ``width``, by means without nulls."""
    valid = ~np.isnan(values)
    sums, weights = _boxed(np.where(valid, values, 0), width), _boxed(valid.astype("f4"), width)
    means = np.full(sums.shape, np.nan, np.float32)
    np.divide(sums, weights, out=means, where=weights > 0)
    return means


def _empty_rows(height: int, traces: Traces) -> Traces:
    """Rows of the width and dtype of ``traces``, filled with 0 or null."""
    empty = 0 if traces.dtype == np.uint8 else np.nan
    return np.full((height, traces.shape[1]), empty, traces.dtype)


def _boxed(pixels: Traces, width: int) -> Traces:
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((width, len(pixels)), Image.Resampling.BOX))


def _row_of(depths: Depths, top: float, base: float, height: int) -> np.ndarray[Any, Any]:
    """The row of the picture of each depth, (n,) int64."""
    edges = top + (base - top) * np.arange(height + 1) / height
    return np.minimum(np.searchsorted(edges, depths, "right") - 1, height - 1)


def _nearest(
    depths: Depths, at: Depths, spacing: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """For each depth ``at``: the index of the nearest of ``depths``, and whether to show it there.

    Of two at the same distance, the shallower one is taken.
    """
    below = np.searchsorted(depths, at, "left")
    above = np.clip(below - 1, 0, len(depths) - 1)
    below = np.clip(below, 0, len(depths) - 1)
    to_above, to_below = np.abs(at - depths[above]), np.abs(depths[below] - at)
    nearest = np.where(to_above <= to_below, above, below)
    between = (below > above) & (depths[below] - depths[above] <= GAP_INTERVALS * spacing)
    return nearest, between | (np.minimum(to_above, to_below) <= spacing / 2)
